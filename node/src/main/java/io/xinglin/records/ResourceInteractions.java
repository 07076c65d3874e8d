package io.xinglin.records;

import ca.uhn.fhir.rest.annotation.ConditionalUrlParam;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.Delete;
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

import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/// What can be done with resources of one type, told to the server, which routes by it. There is one of these for each type of
/// R4. Nothing of it is called: [StoredForm] has answered by then.
///
/// Public for the server, which looks at it by reflection.
@SuppressWarnings("DoNotCallSuggester") // Called by nobody.
public final class ResourceInteractions<T extends Resource> implements IResourceProvider {
    private final Class<T> type;

    ResourceInteractions(Class<T> type) {
        this.type = type;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
        return type;
    }

    /// One resource, or one version of it.
    @Read(version = true)
    public T read(@IdParam IdType id, RequestDetails request) {
        throw answered();
    }

    /// The versions of a resource.
    @History
    public IBundleProvider history(@IdParam IdType id, RequestDetails request) {
        throw answered();
    }

    /// The resources that match.
    @Search(allowUnknownParams = true)
    public Bundle search(RequestDetails request) {
        throw answered();
    }

    /// Stores a new resource.
    @Create
    public MethodOutcome create(
            @ResourceParam T resource,
            @ConditionalUrlParam @Nullable String condition,
            RequestDetails request) {
        throw answered();
    }

    /// Stores a new version of a resource, or a new resource under this id.
    @Update
    public MethodOutcome update(
            @IdParam IdType id,
            @ResourceParam T resource,
            @ConditionalUrlParam @Nullable String condition,
            RequestDetails request) {
        throw answered();
    }

    /// Deletes a resource.
    @Delete
    public MethodOutcome delete(
            @IdParam IdType id,
            @ConditionalUrlParam @Nullable String condition,
            RequestDetails request) {
        throw answered();
    }

    private static IllegalStateException answered() {
        return new IllegalStateException("it is answered before it gets here");
    }
}
