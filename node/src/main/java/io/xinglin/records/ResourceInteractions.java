package io.xinglin.records;

import ca.uhn.fhir.rest.annotation.ConditionalUrlParam;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.Delete;
import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.Patch;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Update;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.PatchTypeEnum;
import ca.uhn.fhir.rest.api.server.IBundleProvider;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.IResourceProvider;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
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

    /// The versions of all resources of the type.
    @History
    public IBundleProvider historyOfType(RequestDetails request) {
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

    /// Changes a part of a resource.
    @Patch
    public MethodOutcome patch(
            @IdParam IdType id,
            @ConditionalUrlParam @Nullable String condition,
            PatchTypeEnum form,
            @ResourceParam String patch,
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

    /// The labels of a resource.
    @Operation(name = Operations.META, idempotent = true)
    public Parameters meta(@IdParam IdType id, RequestDetails request) {
        throw answered();
    }

    /// Adds labels to a resource.
    @Operation(name = Operations.META_ADD)
    public Parameters metaAdd(@IdParam IdType id, RequestDetails request) {
        throw answered();
    }

    /// Takes labels from a resource.
    @Operation(name = Operations.META_DELETE)
    public Parameters metaDelete(@IdParam IdType id, RequestDetails request) {
        throw answered();
    }

    /// Says whether a resource could be stored.
    @Operation(name = Operations.VALIDATE)
    public OperationOutcome validate(RequestDetails request) {
        throw answered();
    }

    private static IllegalStateException answered() {
        return new IllegalStateException("it is answered before it gets here");
    }
}
