// What fhir-kit-client, which is not ours, can do with a node. `bin/fhir-kit` runs it; see README.md.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { CapabilityTool, Client } from 'fhir-kit-client';

const baseUrl = process.env.XINGLIN_FHIR;
const bearerToken = process.env.XINGLIN_TOKEN;
const client = new Client({ baseUrl, bearerToken });

const system = 'urn:test:fhir-kit';
const patient = `kit-${randomUUID()}`;
const identifier = randomUUID();

const laboratory = day => ({
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ code: 'laboratory' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '2345-7' }] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: `2024-01-0${day}`,
    valueQuantity: { value: day, system: 'http://unitsofmeasure.org', code: 'g' },
});

const days = bundle => bundle.entry.map(entry => entry.resource.effectiveDateTime.slice(-1)).join('');

/** That what is done fails with this status, in the words of FHIR. */
const refused = (status, words, done) =>
    assert.rejects(done, error => {
        assert.equal(error.response.status, status, JSON.stringify(error.response));
        assert.equal(error.response.data.resourceType, 'OperationOutcome');
        assert.match(error.response.data.issue[0].diagnostics, words);
        return true;
    });

test('it is told what there is', async () => {
    const anyone = new Client({ baseUrl });
    const capabilities = new CapabilityTool(await anyone.capabilityStatement());

    assert.ok(capabilities.serverCan('transaction'));
    assert.ok(capabilities.resourceCan('Patient', 'patch'));
    assert.ok(capabilities.resourceSearch('Observation', 'value-quantity'));
});

test('it is told where tokens are given, whichever way it asks first', async () => {
    for (let i = 0; i < 5; i++) {
        const { tokenUrl } = await new Client({ baseUrl }).smartAuthMetadata();
        assert.equal(String(tokenUrl), `${baseUrl}/oauth2/token`);
    }
});

test('it writes, reads and looks back', async () => {
    const stored = await client.update({
        resourceType: 'Patient',
        id: patient,
        body: { resourceType: 'Patient', id: patient, identifier: [{ system, value: identifier }], active: true },
        options: { headers: { Prefer: 'return=representation' } },
    });
    assert.equal(stored.meta.versionId, '1');
    assert.equal(Client.httpFor(stored).response.status, 201);

    const patched = await client.patch({
        resourceType: 'Patient',
        id: patient,
        jsonPatch: [{ op: 'replace', path: '/active', value: false }],
    });
    assert.equal(patched.active, false);
    assert.equal((await client.read({ resourceType: 'Patient', id: patient })).active, false);
    assert.equal((await client.vread({ resourceType: 'Patient', id: patient, version: '1' })).active, true);

    const history = await client.history({ resourceType: 'Patient', id: patient });
    assert.deepEqual(history.entry.map(entry => entry.request.method), ['PUT', 'POST']);
});

test('it names by a condition what it writes', async () => {
    const searchParams = { identifier: `${system}|${identifier}` };
    const body = { resourceType: 'Patient', identifier: [{ system, value: identifier }], gender: 'other' };

    const updated = await client.update({ resourceType: 'Patient', searchParams, body });
    const created = await client.create({
        resourceType: 'Patient',
        body,
        options: { headers: { 'If-None-Exist': `identifier=${system}|${identifier}` } },
    });

    assert.equal(Client.httpFor(updated).response.headers.get('ETag'), 'W/"3"');
    assert.equal(Client.httpFor(created).response.status, 200);
});

test('a version is changed only by who has read it', async () => {
    const change = version =>
        client.update({
            resourceType: 'Patient',
            id: patient,
            body: { resourceType: 'Patient', id: patient, gender: 'female' },
            options: { headers: { 'If-Match': `W/"${version}"` } },
        });

    await refused(412, /expects version/, change(1));
    assert.equal(Client.httpFor(await change(3)).response.status, 200);
});

test('a transaction stores all, a batch what it can', async () => {
    const post = resource => ({ resource, request: { method: 'POST', url: resource.resourceType } });
    const bundle = (type, ...entry) => ({ resourceType: 'Bundle', type, entry });
    const wrong = { resourceType: 'Observation', status: 'guessed' };

    const stored = await client.transaction({ body: bundle('transaction', ...[1, 2, 3, 4, 5].map(laboratory).map(post)) });
    const some = await client.batch({ body: bundle('batch', post(wrong), post(laboratory(6))) });

    assert.deepEqual(stored.entry.map(entry => entry.response.status.slice(0, 3)), ['201', '201', '201', '201', '201']);
    assert.deepEqual(some.entry.map(entry => entry.response.status.slice(0, 3)), ['400', '201']);
    await refused(400, /entry 1/, client.transaction({ body: bundle('transaction', post(laboratory(7)), post(wrong)) }));
});

test('it searches and turns the pages', async () => {
    const searchParams = { patient: `Patient/${patient}`, date: ['ge2024-01-02', 'le2024-01-06'], _sort: '-date', _count: 2 };
    for (const postSearch of [false, true]) {
        let page = await client.search({ resourceType: 'Observation', searchParams, options: { postSearch } });
        let found = days(page);
        while ((page = await client.pagination.nextPage(page))) {
            found += days(page);
        }
        assert.equal(found, '65432', `by ${postSearch ? 'POST' : 'GET'}`);
    }
});

test('it follows a reference and takes along what points', async () => {
    const found = await client.search({
        resourceType: 'Patient',
        searchParams: { _id: patient, _revinclude: 'Observation:patient' },
    });
    const included = found.entry.find(entry => entry.search.mode === 'include').resource;

    assert.equal(found.entry.length, 7);
    assert.equal((await client.resolve({ reference: included.subject.reference })).id, patient);
});

test('it asks for more than resources', async () => {
    const outcome = await client.operation({
        name: 'validate',
        resourceType: 'Observation',
        input: { resourceType: 'Observation', status: 'final' },
    });

    assert.ok(outcome.issue.some(issue => issue.diagnostics === 'Observation.code is missing.'));
});

test('what is refused is refused in the words of FHIR', async () => {
    await refused(401, /token/, new Client({ baseUrl }).read({ resourceType: 'Patient', id: patient }));
    await refused(401, /token/, new Client({ baseUrl, bearerToken: 'guessed' }).read({ resourceType: 'Patient', id: patient }));
    await refused(404, /not known/, client.read({ resourceType: 'Patient', id: 'never-was' }));
    await refused(404, /Spaceship/, client.read({ resourceType: 'Spaceship', id: '1' }));
    await refused(400, /colour/, client.search({ resourceType: 'Patient', searchParams: { colour: 'green' } }));
    await refused(400, /invalid|Invalid/, client.create({ resourceType: 'Patient', body: { resourceType: 'Patient', gender: 'x' } }));
    await refused(409, /still has a record/, client.delete({ resourceType: 'Patient', id: patient }));
    await refused(422, /another patient/, (async () => {
        const { entry } = await client.search({ resourceType: 'Observation', searchParams: { patient, _count: 1 } });
        const subject = { reference: 'Patient/nobody' };
        await client.update({ resourceType: 'Observation', id: entry[0].resource.id, body: { ...entry[0].resource, subject } });
    })());
    for (const searchParams of [{ _type: 'Patient' }, { _id: patient }]) {
        await assert.rejects(client.search({ searchParams }), error => error.response.data.resourceType === 'OperationOutcome');
    }
    await assert.rejects(
        client.search({ resourceType: 'Observation', compartment: { resourceType: 'Patient', id: patient } }),
        error => error.response.data.resourceType === 'OperationOutcome',
    );
});

test('it deletes', async () => {
    const created = await client.create({ resourceType: 'Organization', body: { resourceType: 'Organization', name: 'One' } });
    const id = Client.httpFor(created).response.headers.get('Location').match(/Organization\/([^/]+)/)[1];

    await client.delete({ resourceType: 'Organization', id });

    await refused(410, /deleted/, client.read({ resourceType: 'Organization', id }));
});
