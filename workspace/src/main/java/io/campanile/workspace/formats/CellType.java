package io.campanile.workspace.formats;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a cell is: code that runs or text that is shown. */
public enum CellType {
    @JsonProperty("code")
    CODE,
    @JsonProperty("markdown")
    MARKDOWN
}
