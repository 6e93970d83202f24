#include "determinism/canonical.h"

#include "base/error.h"
#include "notebook_text.h"

#include <gtest/gtest.h>

namespace fresh::determinism {
namespace {

using test::display;
using test::NotebookText;
using test::stream;

CanonicalNotebook canonical(const NotebookText& notebook) {
  return canonical_notebook(notebook.text(), "nb.ipynb");
}
std::string digest(const NotebookText& notebook) {
  return canonical(notebook).digest;
}

std::string refusal(const std::string& text) {
  try {
    canonical_notebook(text, "nb.ipynb");
  } catch (const base::Error& error) {
    return error.message();
  }
  return "accepted";
}

TEST(S1, execution_counts_do_not_count_but_their_order_is_checked) {
  EXPECT_EQ(
      refusal(NotebookText()
                  .raw(R"({"cell_type":"code","metadata":{},"execution_count":2,"source":"1","outputs":[]})")
                  .text()),
      "nb.ipynb: cell 1: execution_count is 2, expected 1: the cells were not run once each, in their order");
  const auto skipped =
      NotebookText()
          .cell("\"a\"")
          .raw(R"({"cell_type":"code","metadata":{},"execution_count":null,"source":"b","outputs":[]})")
          .cell("\"c\"");
  EXPECT_EQ(canonical(skipped).cells[1].status, "skipped");
  EXPECT_EQ(canonical(skipped).cells[2].status, "ok");
}

TEST(S2, what_runners_write_into_metadata_does_not_count) {
  const auto timed = NotebookText().cell(
      "\"1\"", "", R"({"execution":{"iopub.status.busy":"2026-01-01"},"collapsed":true})");
  EXPECT_EQ(canonical_notebook(
                timed.text(R"({"papermill":{"duration":3},"language_info":{"version":"3.11.2"}})"), "nb")
                .digest,
            canonical_notebook(NotebookText().cell("\"1\"").text(), "nb").digest);
}

TEST(S3, cells_are_known_by_index_and_source_not_by_id) {
  const auto with_id = [](const char* id, const char* source) {
    return NotebookText().raw(fmt::format(
        R"({{"cell_type":"code","id":"{}","metadata":{{}},"execution_count":1,"source":"{}","outputs":[]}})",
        id, source));
  };
  EXPECT_EQ(digest(with_id("a", "x")), digest(with_id("b", "x")));
  EXPECT_NE(digest(with_id("a", "x")), digest(with_id("a", "y")));
}

TEST(S4, widget_ids_are_renamed_in_order_and_the_same_object_stays_the_same) {
  const auto widgets = [](const char* first, const char* second) {
    return NotebookText().cell("\"w\"", display("application/vnd.jupyter.widget-view+json",
                                                fmt::format(R"({{"model_id":"{}"}})", first)) +
                                            "," +
                                            display("application/vnd.jupyter.widget-view+json",
                                                    fmt::format(R"({{"model_id":"{}"}})", second)));
  };
  EXPECT_EQ(digest(widgets("aa11", "bb22")), digest(widgets("cc33", "dd44")));
  EXPECT_NE(digest(widgets("aa11", "bb22")), digest(widgets("cc33", "cc33")));
  EXPECT_EQ(canonical(widgets("aa11", "bb22")).ledger.at("S4"), 2U);
}

TEST(S5, streams_are_joined_between_rich_outputs_only) {
  const auto whole =
      NotebookText().cell("\"p\"", stream("stdout", "\"ab\"") + "," + stream("stderr", "\"e\""));
  const auto chunked = NotebookText().cell(
      "\"p\"", stream("stdout", "\"a\"") + "," + stream("stderr", "\"e\"") + "," + stream("stdout", "\"b\""));
  EXPECT_EQ(digest(whole), digest(chunked));
  const auto before =
      NotebookText().cell("\"p\"", stream("stdout", "\"a\"") + "," + display("text/plain", "\"x\""));
  const auto after =
      NotebookText().cell("\"p\"", display("text/plain", "\"x\"") + "," + stream("stdout", "\"a\""));
  EXPECT_NE(digest(before), digest(after));
  const auto swapped =
      NotebookText().cell("\"p\"", stream("stderr", "\"ab\"") + "," + stream("stdout", "\"e\""));
  EXPECT_NE(digest(whole), digest(swapped));
}

TEST(S6, streams_are_what_a_terminal_shows) {
  const auto bar = NotebookText().cell("\"p\"", stream("stdout", R"("10%\r50%\rdone\n")"));
  EXPECT_EQ(canonical(bar).cells[0].outputs[0].data.at("text/plain").text, "done\n");
  EXPECT_EQ(canonical(bar).ledger.at("S6"), 1U);
  const auto plain = NotebookText().cell("\"p\"", display("text/plain", R"("a\rb")"));
  EXPECT_EQ(canonical(plain).cells[0].outputs[0].data.at("text/plain").text, "a\rb");
}

TEST(S7, texts_may_be_lists_and_carriage_returns_go_in_sources_only) {
  EXPECT_EQ(digest(NotebookText().cell(R"(["a\r\n","b"])", stream("stdout", R"(["x","y"])"))),
            digest(NotebookText().cell(R"("a\nb")", stream("stdout", "\"xy\""))));
  EXPECT_NE(digest(NotebookText().cell("\"a\"", display("text/plain", R"("x\r\ny")"))),
            digest(NotebookText().cell("\"a\"", display("text/plain", R"("x\ny")"))));
}

TEST(S8, json_is_compared_by_value_with_its_numbers_as_written) {
  const auto json = [](const char* value) {
    return digest(NotebookText().cell("\"j\"", display("application/json", value)));
  };
  EXPECT_EQ(json(R"({"b": [1, 2], "a": null})"), json(R"({"a":null,"b":[1,2]})"));
  EXPECT_NE(json(R"({"a":1.0})"), json(R"({"a":1})"));
  EXPECT_NE(json(R"({"a":0.1})"), json(R"({"a":0.10000000000000001})"));
  EXPECT_NE(json(R"([1,2])"), json(R"([2,1])"));
}

TEST(S10, svg_is_exact) {
  const auto svg = [](const char* text) {
    return digest(NotebookText().cell("\"s\"", display("image/svg+xml", text)));
  };
  EXPECT_NE(svg(R"("<svg id='<a at 0x7f0000000001>'/>")"), svg(R"("<svg id='<a at 0x7f0000000002>'/>")"));
  EXPECT_EQ(svg(R"(["<svg>","</svg>"])"), svg(R"("<svg></svg>")"));
}

TEST(Canonical, the_size_of_a_picture_on_the_page_counts) {
  EXPECT_NE(digest(NotebookText().cell("\"a\"",
                                       display("image/jpeg", "\"AAAA\"", R"({"image/jpeg":{"width":10}})"))),
            digest(NotebookText().cell("\"a\"",
                                       display("image/jpeg", "\"AAAA\"", R"({"image/jpeg":{"width":11}})"))));
  EXPECT_NE(digest(NotebookText().cell("\"a\"", display("image/jpeg", "\"AAAA\""))),
            digest(NotebookText().cell("\"a\"", display("image/jpeg", "\"AAAB\""))));
}

TEST(Canonical, an_error_is_its_name_message_and_frames_without_colour) {
  const auto error = [](const char* evalue, const char* line) {
    return NotebookText().cell(
        "\"1/0\"", fmt::format(R"({{"output_type":"error","ename":"E","evalue":"{}","traceback":["{}"]}})",
                               evalue, line));
  };
  EXPECT_EQ(canonical(error("v", "x")).cells[0].status, "error");
  EXPECT_EQ(canonical(error("v", "x")).cells[0].error_name, "E");
  EXPECT_EQ(digest(error("v", "line \\u001b[31m1\\u001b[0m")), digest(error("v", "line 1")));
  EXPECT_NE(digest(error("v", "line 1")), digest(error("v", "line 2")));
  EXPECT_NE(digest(error("v", "line 1")), digest(error("w", "line 1")));
}

TEST(Canonical, an_opted_out_cell_counts_by_its_source_and_needs_a_reason) {
  const auto opted = [](const char* output) {
    return NotebookText().cell(R"("# fresh-clone: nondeterministic measures time\nx")",
                               stream("stdout", output));
  };
  EXPECT_EQ(digest(opted("\"1\"")), digest(opted("\"2\"")));
  EXPECT_EQ(canonical(opted("\"1\"")).cells[0].opt_out_reason, "measures time");
  EXPECT_EQ(canonical(opted("\"1\"")).cells[0].status, "nondeterministic");
  EXPECT_EQ(refusal(NotebookText().cell("\"x\"", "", R"({"tags":["nondeterministic"]})").text()),
            "nb.ipynb: cell 1: marked as nondeterministic without a reason");
}

TEST(Canonical, the_path_is_part_of_the_digest) {
  EXPECT_NE(canonical_notebook(NotebookText().text(), "a").digest,
            canonical_notebook(NotebookText().text(), "b").digest);
}

TEST(Canonical, malformed_notebooks_are_refused_with_their_place) {
  EXPECT_EQ(refusal("[]"), "nb.ipynb: this is no notebook: expected an object with 'cells' and 'nbformat'");
  EXPECT_EQ(refusal(R"({"nbformat":3,"metadata":{},"cells":[]})"), "nb.ipynb: nbformat is 3, expected 4");
  EXPECT_EQ(refusal(R"({"nbformat":4,"metadata":{}})"), "nb.ipynb: 'cells' is missing");
  EXPECT_EQ(refusal(NotebookText().cell("7").text()),
            "nb.ipynb: cell 1: source: expected text or a list of texts");
  EXPECT_EQ(refusal(NotebookText().cell("\"x\"", R"({"output_type":"pyout"})").text()),
            "nb.ipynb: cell 1: output 1: unknown output_type 'pyout'");
  EXPECT_EQ(refusal(NotebookText().cell("\"x\"", R"({"output_type":"display_data","data":[]})").text()),
            "nb.ipynb: cell 1: output 1: 'data' is no map of representations");
  EXPECT_TRUE(refusal("{\n \"nbformat\": 4,\n oops").starts_with("nb.ipynb:3:"))
      << refusal("{\n \"nbformat\": 4,\n oops");
  EXPECT_TRUE(refusal("").starts_with("nb.ipynb:1:")) << refusal("");
}

}  // namespace
}  // namespace fresh::determinism
