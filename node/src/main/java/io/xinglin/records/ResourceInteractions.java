package io.xinglin.records;

import ca.uhn.fhir.rest.annotation.ConditionalUrlParam;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Update;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.server.IBundleProvider;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.IResourceProvider;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/// What can be done with resources of one type. There is one of these for each type of R4.
///
/// Public for the server, which calls it by reflection.
public final class ResourceInteractions<T extends Resource> implements IResourceProvider {
    private final Class<T> type;
    private final FhirApi api;

    ResourceInteractions(Class<T> type, FhirApi api) {
        this.type = type;
        this.api = api;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
        return type;
    }

    /// One resource, or one version of it.
    @Read(version = true)
    public T read(@IdParam IdType id, RequestDetails request) {
        return parse(type, api.read(request).json());
    }

    /// The versions of a resource. Here so that the server knows of it: [StoredForm] has answered by now.
    @History
    @SuppressWarnings("DoNotCallSuggester") // Called by nobody.
    public IBundleProvider history(@IdParam IdType id, RequestDetails request) {
        throw new IllegalStateException("a history is answered before it gets here");
    }

    /// The resources that match. Here so that the server knows of it: [StoredForm] has answered by now.
    @Search(allowUnknownParams = true)
    @SuppressWarnings("DoNotCallSuggester") // Called by nobody.
    public Bundle search(RequestDetails request) {
        throw new IllegalStateException("a search is answered before it gets here");
    }

    /// Stores a new resource.
    @Create
    public MethodOutcome create(
            @ResourceParam T resource,
            @ConditionalUrlParam @Nullable String condition,
            RequestDetails request) {
        R4.refuseHugeNumbers(resource);
        var ifNoneExist = Optional.ofNullable(condition).filter(text -> !text.isBlank());
        return outcome(api.create(request, resource, ifNoneExist));
    }

    /// Stores a new version of a resource, or a new resource under this id.
    @Update
    public MethodOutcome update(
            @IdParam IdType id,
            @ResourceParam T resource,
            @ConditionalUrlParam @Nullable String condition,
            RequestDetails request) {
        if (condition != null && !condition.isBlank()) {
            throw Outcomes.unsupported("A conditional update is not supported; update by id.");
        }
        if (request.getHeader("If-None-Match") != null) {
            throw Outcomes.unsupported("If-None-Match is not supported for an update.");
        }
        R4.refuseHugeNumbers(resource);
        var ifMatch =
                Optional.ofNullable(request.getHeader("If-Match"))
                        .map(etag -> BundleReader.version(etag, "the resource"));
        return outcome(api.update(request, id.getIdPart(), resource, ifMatch));
    }

    private MethodOutcome outcome(Written written) {
        var id = written.id();
        var outcome =
                new MethodOutcome(
                        new IdType(
                                id.resource().type(),
                                id.resource().id(),
                                Integer.toString(id.number())),
                        written.how() == Written.How.CREATED);
        if (written.json().length > 0) {
            outcome.setResource(parse(type, written.json()));
        }
        return outcome;
    }

    private static <R extends Resource> R parse(Class<R> type, byte[] json) {
        return R4.json().parseResource(type, new String(json, StandardCharsets.UTF_8));
    }
}
