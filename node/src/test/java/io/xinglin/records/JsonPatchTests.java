package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The cases of RFC 6902, appendix A, and what else the text asks for.
class JsonPatchTests {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    A.1 adding an object member; {"foo":"bar"}; [{"op":"add","path":"/baz","value":"qux"}]; {"foo":"bar","baz":"qux"}
                    A.2 adding an array element; {"foo":["bar","baz"]}; [{"op":"add","path":"/foo/1","value":"qux"}]; {"foo":["bar","qux","baz"]}
                    A.3 removing an object member; {"baz":"qux","foo":"bar"}; [{"op":"remove","path":"/baz"}]; {"foo":"bar"}
                    A.4 removing an array element; {"foo":["bar","qux","baz"]}; [{"op":"remove","path":"/foo/1"}]; {"foo":["bar","baz"]}
                    A.5 replacing a value; {"baz":"qux","foo":"bar"}; [{"op":"replace","path":"/baz","value":"boo"}]; {"baz":"boo","foo":"bar"}
                    A.6 moving a value; {"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}; [{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]; {"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}
                    A.7 moving an array element; {"foo":["all","grass","cows","eat"]}; [{"op":"move","from":"/foo/1","path":"/foo/3"}]; {"foo":["all","cows","eat","grass"]}
                    A.8 testing a value; {"baz":"qux","foo":["a",2,"c"]}; [{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]; {"baz":"qux","foo":["a",2,"c"]}
                    A.10 adding a nested member; {"foo":"bar"}; [{"op":"add","path":"/child","value":{"grandchild":{}}}]; {"foo":"bar","child":{"grandchild":{}}}
                    A.11 ignoring unrecognized elements; {"foo":"bar"}; [{"op":"add","path":"/baz","value":"qux","xyz":123}]; {"foo":"bar","baz":"qux"}
                    A.14 escape ordering; {"/":9,"~1":10}; [{"op":"test","path":"/~01","value":10}]; {"/":9,"~1":10}
                    A.16 adding an array value; {"foo":["bar"]}; [{"op":"add","path":"/foo/-","value":["abc","def"]}]; {"foo":["bar",["abc","def"]]}
                    adding where something is; {"foo":"bar"}; [{"op":"add","path":"/foo","value":1}]; {"foo":1}
                    adding at the end by number; {"foo":["a"]}; [{"op":"add","path":"/foo/1","value":"b"}]; {"foo":["a","b"]}
                    the whole document; {"foo":"bar"}; [{"op":"replace","path":"","value":{"a":1}}]; {"a":1}
                    copying; {"a":{"b":[1]}}; [{"op":"copy","from":"/a","path":"/c"},{"op":"add","path":"/c/b/-","value":2}]; {"a":{"b":[1]},"c":{"b":[1,2]}}
                    moving to where it is; {"a":1}; [{"op":"move","from":"/a","path":"/a"}]; {"a":1}
                    replacing with null; {"a":1}; [{"op":"replace","path":"/a","value":null}]; {"a":null}
                    numbers are equal by value; {"a":1.0}; [{"op":"test","path":"/a","value":1},{"op":"test","path":"/a","value":10e-1}]; {"a":1.0}
                    members in any order are equal; {"a":{"x":[1],"y":2}}; [{"op":"test","path":"/a","value":{"y":2,"x":[1.0]}}]; {"a":{"x":[1],"y":2}}
                    an empty name; {"":1}; [{"op":"replace","path":"/","value":2}]; {"":2}
                    digits stay as they are; {"a":6.50}; [{"op":"add","path":"/b","value":0.10}]; {"a":6.50,"b":0.10}
                    """)
    void applies(String what, String document, String patch, String result) {
        assertThat(apply(document, patch)).as(what).isEqualTo(result);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    A.9 testing a value; {"baz":"qux"}; [{"op":"test","path":"/baz","value":"bar"}]; a test failed
                    A.12 adding to a nonexistent target; {"foo":"bar"}; [{"op":"add","path":"/baz/bat","value":"qux"}]; there is no /baz/bat
                    A.15 comparing strings and numbers; {"/":9,"~1":10}; [{"op":"test","path":"/~01","value":"10"}]; a test failed
                    a list is longer; {"a":[1]}; [{"op":"add","path":"/a/3","value":1}]; there is no /a/3
                    no leading zeros; {"a":[1,2]}; [{"op":"remove","path":"/a/01"}]; there is no /a/01
                    no negative index; {"a":[1,2]}; [{"op":"remove","path":"/a/-1"}]; there is no /a/-1
                    nothing is after the end; {"a":[1,2]}; [{"op":"remove","path":"/a/-"}]; there is no /a/-
                    a huge index; {"a":[1]}; [{"op":"remove","path":"/a/99999999999999"}]; there is no
                    removing what is not there; {"a":1}; [{"op":"remove","path":"/b"}]; there is no /b
                    replacing what is not there; {"a":1}; [{"op":"replace","path":"/b","value":1}]; there is no /b
                    copying what is not there; {"a":1}; [{"op":"copy","from":"/b","path":"/c"}]; there is no /b
                    moving into itself; {"a":{"b":1}}; [{"op":"move","from":"/a","path":"/a/b/c"}]; into itself
                    into a text; {"a":"x"}; [{"op":"add","path":"/a/0","value":1}]; there is no /a/0
                    removing everything; {"a":1}; [{"op":"remove","path":""}]; nothing would be left
                    """)
    void says_why_it_cannot_be_applied(String what, String document, String patch, String why) {
        assertThatThrownBy(() -> apply(document, patch))
                .as(what)
                .isInstanceOf(JsonPatch.CannotApply.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A.13: which of two members of one name counts is not said.
                "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\",\"op\":\"remove\"}]",
                "[{\"op\":\"add\",\"path\":\"/a\"}]",
                "[{\"op\":\"test\",\"path\":\"/a\"}]",
                "[{\"op\":\"move\",\"path\":\"/a\"}]",
                "[{\"op\":\"copy\",\"from\":7,\"path\":\"/a\"}]",
                "[{\"op\":\"spring\",\"path\":\"/a\"}]",
                "[{\"op\":\"ADD\",\"path\":\"/a\",\"value\":1}]",
                "[{\"path\":\"/a\",\"value\":1}]",
                "[{\"op\":\"remove\"}]",
                "[{\"op\":\"remove\",\"path\":\"a\"}]",
                "[{\"op\":\"remove\",\"path\":\"/a~2\"}]",
                "[{\"op\":\"remove\",\"path\":\"/a~\"}]",
                "[{\"op\":\"remove\",\"path\":\"#/a\"}]",
                "[7]",
                "[]",
                "{}",
                "null",
                "",
                "[{\"op\":\"remove\",\"path\":\"/a\"}"
            })
    void what_is_no_patch_is_refused(String patch) {
        assertThatThrownBy(() -> apply("{\"a\":1}", patch))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void copies_of_copies_do_not_fill_the_memory() {
        var patch = new StringBuilder("[{\"op\":\"add\",\"path\":\"/a\",\"value\":[1]}");
        for (var i = 0; i < 60; i++) {
            patch.append(",{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/-\"}");
        }

        assertThatThrownBy(() -> apply("{}", patch.append(']').toString()))
                .isInstanceOf(JsonPatch.CannotApply.class)
                .hasMessageContaining("too large");
    }

    private static String apply(String document, String patch) {
        return JsonPatch.JSON.writeValueAsString(
                JsonPatch.parse(patch.getBytes(StandardCharsets.UTF_8))
                        .apply(JsonPatch.JSON.readTree(document)));
    }
}
