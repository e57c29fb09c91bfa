package io.campanile.workspace.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JupyterFormatTest {
    @Test
    void cellsAndOutputsComeBackAsTheyWere() {
        List<JsonNode> outputs = List.of(
                json("{'output_type':'stream','name':'stderr','text':'line\\n'}"),
                json("{'output_type':'execute_result','execution_count':4,'data':{'text/plain':'7'},'metadata':{}}"),
                json("{'output_type':'display_data','data':{'image/png':'aGk=','application/json':{'a':[1]}},"
                        + "'metadata':{'k':1}}"),
                json("{'output_type':'error','ename':'E','evalue':'v','traceback':['t']}"));
        Notebook notebook = new Notebook(
                Language.JAVA,
                List.of(
                        new Cell("a-1", CellType.CODE, Language.JAVA, "int x = 1;\n\nx\n", "Title", outputs, 4),
                        Cell.of("b_2", Language.SQL, "select 1", null),
                        Cell.of("c", Language.MARKDOWN, "# Hi\n\n", null),
                        Cell.of("d", Language.PYTHON, "", null)));

        byte[] file = JupyterFormat.write(notebook, "Name", 1024 * 1024);

        assertThat(JupyterFormat.read(file, null)).isEqualTo(notebook);
        JsonNode root = json(new String(file, StandardCharsets.UTF_8));
        assertThat(root.path("nbformat").asInt()).isEqualTo(4);
        assertThat(root.path("metadata").path("kernelspec").path("language").asText())
                .isEqualTo("java");
        assertThat(root.path("cells").path(1).path("source").path(0).asText()).isEqualTo("%sql\n");
        assertThat(root.path("cells").path(0).path("source").size()).isEqualTo(3);
    }

    /** Each line may be read by itself; nobody who gets the text of them all could. */
    @Test
    void linesThatTogetherAreTooLongAreRefused() {
        String line = "'" + "x".repeat(11_000_000) + "'";
        for (String outputs : List.of(
                "{'output_type':'stream','name':'stdout','text':[" + line + "," + line + "]}",
                "{'output_type':'display_data','data':{'text/plain':[" + line + "," + line + "]}}")) {
            assertThatThrownBy(() -> read(
                            "{'nbformat':4,'cells':[{'cell_type':'code','source':'','outputs':[" + outputs + "]}]}"))
                    .isInstanceOf(ApiException.class)
                    .extracting(e -> ((ApiException) e).code())
                    .isEqualTo(ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED);
        }
    }

    @Test
    void aSmallFileDoesNotBecomeATextWithoutEnd() {
        String mentions = "(attachment:a)".repeat(20_000);
        String file = "{'nbformat':4,'cells':[{'cell_type':'markdown','source':'" + mentions
                + "','attachments':{'a':{'image/png':'" + "A".repeat(10_000) + "'}}}]}";

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("longer than")
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED);
    }

    @Test
    void aNestedOutputIsNotWrittenBeyondTheLimit() {
        String nested = "[".repeat(900) + "]".repeat(900);
        Notebook notebook = read("{'nbformat':4,'cells':[{'cell_type':'code','source':'x','outputs':["
                + "{'output_type':'display_data','data':{'application/json':" + nested + "}}]}]}");

        assertThatThrownBy(() -> JupyterFormat.write(notebook, "Name", 100_000))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("100000 bytes");
    }

    @Test
    void olderFourthVersionsNeedNeitherIdsNorCountsNorJoinedLines() {
        Notebook read = read("""
                {'nbformat':4,'nbformat_minor':0,'metadata':{'language_info':{'name':'scala'}},'cells':[
                 {'cell_type':'code','source':['a\\n','b'],'metadata':{},
                  'outputs':[{'output_type':'stream','text':['1\\n','2']},
                             {'output_type':'execute_result','data':{'text/html':['<b>','</b>']}},
                             {'output_type':'of the future'}]},
                 {'cell_type':'raw','source':'raw text'},
                 {'cell_type':'code','id':'same','source':'%sql\\nselect 1'},
                 {'cell_type':'code','id':'same','source':'%%time\\nx'},
                 {'cell_type':'code','source':'%md\\n# Title'}]}
                """);

        assertThat(read.language()).isEqualTo(Language.SCALA);
        assertThat(read.cells().get(0).source()).isEqualTo("a\nb");
        assertThat(read.cells().get(0).outputs()).hasSize(2);
        assertThat(read.cells().get(0).outputs().get(0).path("text").asText()).isEqualTo("1\n2");
        assertThat(read.cells().get(0).outputs().get(0).path("name").asText()).isEqualTo("stdout");
        assertThat(read.cells()
                        .get(0)
                        .outputs()
                        .get(1)
                        .path("data")
                        .path("text/html")
                        .asText())
                .isEqualTo("<b></b>");
        assertThat(read.cells().get(1).type()).isEqualTo(CellType.MARKDOWN);
        assertThat(read.cells().get(2).language()).isEqualTo(Language.SQL);
        assertThat(read.cells().get(2).source()).isEqualTo("select 1");
        assertThat(read.cells().get(3).source()).isEqualTo("%%time\nx");
        assertThat(read.cells().get(4).type()).isEqualTo(CellType.MARKDOWN);
        assertThat(read.cells().stream().map(Cell::id).distinct()).hasSize(5);
    }

    @Test
    void theThirdVersionIsUpgraded() {
        Notebook read = read("""
                {'nbformat':3,'nbformat_minor':0,'metadata':{'name':''},'worksheets':[{'cells':[
                 {'cell_type':'heading','level':2,'source':['Head']},
                 {'cell_type':'markdown','source':'text'},
                 {'cell_type':'code','input':['x=1\\n','x'],'prompt_number':5,'language':'python','outputs':[
                   {'output_type':'pyout','prompt_number':5,'text':['1'],'html':'<i>1</i>'},
                   {'output_type':'stream','stream':'stderr','text':'warn'},
                   {'output_type':'display_data','png':'aGk='},
                   {'output_type':'pyerr','ename':'E','evalue':'v','traceback':['t']}]}]}]}
                """);

        assertThat(read.language()).isEqualTo(Language.PYTHON);
        assertThat(read.cells()).extracting(Cell::source).containsExactly("## Head", "text", "x=1\nx");
        Cell code = read.cells().get(2);
        assertThat(code.executionCount()).isEqualTo(5);
        assertThat(code.outputs())
                .extracting(output -> output.path("output_type").asText())
                .containsExactly("execute_result", "stream", "display_data", "error");
        assertThat(code.outputs().get(0).path("data").path("text/html").asText())
                .isEqualTo("<i>1</i>");
        assertThat(code.outputs().get(2).path("data").path("image/png").asText())
                .isEqualTo("aGk=");
    }

    @Test
    void attachedPicturesBecomePartOfTheText() {
        Notebook read = read("""
                {'nbformat':4,'nbformat_minor':5,'metadata':{},'cells':[{'cell_type':'markdown','metadata':{},
                 'source':'![p](attachment:p.png)','attachments':{'p.png':{'image/png':'aGk='}}}]}
                """);

        assertThat(read.cells().get(0).source()).isEqualTo("![p](data:image/png;base64,aGk=)");
    }

    @Test
    void whatIsNoNotebookIsRefused() {
        for (String file : List.of(
                "",
                "[]",
                "nonsense",
                "{}",
                "{'cells':3}",
                "{'nbformat':2,'cells':[]}",
                "{'nbformat':4,'cells':[{'cell_type':'other'}]}",
                "{'nbformat':4,'cells':[7]}",
                "null")) {
            assertThatThrownBy(() -> read(file)).isInstanceOf(ApiException.class);
        }
    }

    /** 4294967300 is 4 to whoever takes 32 bits of it. */
    @Test
    void aVersionThatIsNotThreeOrFourIsRefusedByName() {
        for (String version : List.of(
                "4294967300",
                "-4294967292",
                "18446744073709551620",
                "4.0",
                "4.9",
                "'4'",
                "null",
                "true",
                "5",
                "-4",
                "[4]")) {
            assertThatThrownBy(() -> read("{'nbformat':" + version + ",'cells':[]}"))
                    .as(version)
                    .isInstanceOf(ApiException.class)
                    .hasMessageStartingWith("Field content: nbformat ")
                    .hasMessageEndingWith(" is not supported; 3 and 4 are");
        }
        assertThat(read("{'nbformat':4,'cells':[]}").cells()).isEmpty();
        assertThat(read("{'cells':[]}").cells()).isEmpty();
    }

    @Test
    void theHtmlPageHasNoMarkupOfTheNotebook() {
        String hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>";
        Notebook notebook = new Notebook(
                Language.JAVA,
                List.of(new Cell(
                        "1",
                        CellType.CODE,
                        Language.JAVA,
                        hostile,
                        hostile,
                        List.of(
                                json("{'output_type':'display_data','data':{'text/html':'<script>x</script>',"
                                        + "'image/png':'\\\" onerror=alert(1)','text/plain':'<script>y</script>'}}"),
                                json("{'output_type':'error','ename':'<script>','evalue':'<b>','traceback':[]}")),
                        1)));

        String page = new String(HtmlFormat.write(notebook, hostile), StandardCharsets.UTF_8);

        assertThat(page).doesNotContain("<script", "<img src=x", "onerror=alert(1)>", "\" onerror");
        assertThat(page).contains("&lt;script&gt;y&lt;/script&gt;");
    }

    private static Notebook read(String file) {
        return JupyterFormat.read(file.replace('\'', '"').getBytes(StandardCharsets.UTF_8), null);
    }

    private static JsonNode json(String text) {
        return Json.read(text.replace('\'', '"'), JsonNode.class);
    }
}
