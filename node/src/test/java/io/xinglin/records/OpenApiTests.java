package io.xinglin.records;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// Read by Swagger's own parser.
@TestNode
@Import(Outside.class)
class OpenApiTests {
    @Autowired private Outside outside;

    @Test
    void it_is_valid_and_describes_every_type_and_every_parameter() {
        var desk = new Desk(outside);
        var api = openApi(desk);
        var statement = desk.get("metadata").json().at("/rest/0");

        for (var resource : statement.path("resource")) {
            var type = "/" + resource.path("type").asString();
            assertThat(api.getPaths()).containsKeys(type, type + "/{id}", type + "/_search");
            assertThat(requireNonNull(api.getPaths().get(type)).getGet().getParameters())
                    .as(type)
                    .hasSize(resource.path("searchParam").size());
        }
        assertThat(requireNonNull(api.getPaths().get("/Patient/{id}")).readOperationsMap().keySet())
                .extracting(Enum::name)
                .containsExactlyInAnyOrder("GET", "PUT", "PATCH", "DELETE");
    }

    @Test
    void what_it_describes_is_at_the_address_that_it_gives() {
        var desk = new Desk(outside);
        var server = openApi(desk).getServers().getFirst().getUrl();

        assertThat(server)
                .isEqualTo(desk.get("metadata").json().at("/implementation/url").asString());
    }

    private static OpenAPI openApi(Desk desk) {
        var options = new ParseOptions();
        options.setResolve(true);
        var read =
                new OpenAPIV3Parser()
                        .readContents(desk.get("openapi.json").text(), List.of(), options);
        assertThat(read.getMessages()).isNullOrEmpty();
        return read.getOpenAPI();
    }
}
