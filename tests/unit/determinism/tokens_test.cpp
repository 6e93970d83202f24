#include "determinism/tokens.h"

#include "determinism/canonical.h"
#include "notebook_text.h"

#include <gtest/gtest.h>

namespace fresh::determinism {
namespace {

class TokensTest : public testing::Test {
 protected:
  Ledger ledger_;
  Tokens tokens_{ledger_};
};

TEST_F(TokensTest, T1_renames_addresses_by_first_appearance) {
  EXPECT_EQ(
      tokens_.addresses("<A object at 0x7f1234567890> <B at 0x7f1234567899> <A object at 0x7f1234567890>"),
      "<A object at @1> <B at @2> <A object at @1>");
  EXPECT_EQ(tokens_.addresses("<C at 0x7f1234567899>"), "<C at @2>");
  EXPECT_EQ(ledger_.at("T1"), 4U);
}

TEST_F(TokensTest, T1_knows_the_places_where_addresses_are_written) {
  EXPECT_EQ(tokens_.addresses("&lt;A at 0x7f1234567890&gt;"), "&lt;A at @1&gt;");
  EXPECT_EQ(tokens_.addresses("<bound method A.f of <A object at 0x7f1234567890>>"),
            "<bound method A.f of <A object at @1>>");
  EXPECT_EQ(tokens_.addresses("<weakref at 0x7f0000000001; to 'A' at 0x7f0000000002>"),
            "<weakref at @2; to 'A' at @3>");
  EXPECT_EQ(tokens_.addresses("x\nThread 0x00007f1234567890 (most recent call first):"),
            "x\nThread @4 (most recent call first):");
  EXPECT_EQ(tokens_.addresses("Widget(id=0x7f1234567890)"), "Widget(id=@1)");
}

TEST_F(TokensTest, T1_leaves_data_alone) {
  for (const char* data :
       {"0x7f1234567890", "value at 0x7f1234567890", "<a> at 0x7f1234567890", "<x> 0x7f1234567890",
        "<A at 0x12>", "grid=0xdeadbeef1", "<A -> b> at 0x7f1234567890"}) {
    EXPECT_EQ(tokens_.addresses(data), data);
  }
  EXPECT_TRUE(ledger_.empty());
}

TEST_F(TokensTest, T2_renames_ids_that_the_text_declares) {
  EXPECT_EQ(tokens_.generated_ids("<style>#T_3f2a1_row0 {}</style><td id=\"T_3f2a1_row0_col1\" class=\"x\">"),
            "<style>##1_row0 {}</style><td id=\"#1_row0_col1\" class=\"x\">");
  EXPECT_EQ(tokens_.generated_ids("<div id='0f8fad5b-d9cb-469f-a165-70867728950e'></div>"
                                  "plot(\"0f8fad5b-d9cb-469f-a165-70867728950e\")"),
            "<div id='#2'></div>plot(\"#2\")");
  EXPECT_EQ(ledger_.at("T2"), 4U);
}

TEST_F(TokensTest, T2_leaves_what_nobody_declared) {
  for (const char* data : {"color: #ff0000", "0f8fad5b-d9cb-469f-a165-70867728950e", "<a id=\"facade\">",
                           "<a id=\"12345678\">", "<a data-id=\"deadbeef01\">", "T_3f2a1"}) {
    EXPECT_EQ(tokens_.generated_ids(data), data);
  }
}

TEST_F(TokensTest, T3_replaces_what_timing_magics_print) {
  EXPECT_EQ(tokens_.timings("CPU times: user 2 μs, sys: 0 ns, total: 2 μs\nWall time: 4.77 μs\n45\n"),
            "<timing>\n<timing>\n45\n");
  EXPECT_EQ(
      tokens_.timings("12.3 ns ± 0.5 ns per loop (mean ± std. dev. of 7 runs, 100,000,000 loops each)\n"),
      "<timing>\n");
  EXPECT_EQ(tokens_.timings("Compiler : 123 ms\nx"), "x");
  EXPECT_EQ(tokens_.timings("Elapsed: 3 s, Wall time: 3 s"), "Elapsed: 3 s, Wall time: 3 s");
}

TEST(T3, works_only_in_cells_that_use_the_magic) {
  EXPECT_TRUE(uses_timing_magic("%%time\nx"));
  EXPECT_TRUE(uses_timing_magic("a\n  %timeit f()"));
  EXPECT_TRUE(uses_timing_magic("r = %timeit -o f()"));
  EXPECT_FALSE(uses_timing_magic("import time\ntime.time()"));
  EXPECT_FALSE(uses_timing_magic("a %time"));
  const auto digest = [](const char* source, const char* text) {
    return canonical_notebook(test::NotebookText().cell(source, test::stream("stdout", text)).text(), "nb")
        .digest;
  };
  EXPECT_EQ(digest("\"%%time\\nx\"", "\"Wall time: 1 s\""), digest("\"%%time\\nx\"", "\"Wall time: 2 s\""));
  EXPECT_NE(digest("\"x\"", "\"Wall time: 1 s\""), digest("\"x\"", "\"Wall time: 2 s\""));
}

TEST_F(TokensTest, T4_keeps_the_count_of_a_progress_bar) {
  EXPECT_EQ(tokens_.progress_bars("100%|████| 10/10 [00:00<00:00, 1234.5it/s]"),
            "100%|████| 10/10 [<timing>]");
  EXPECT_EQ(tokens_.progress_bars("55it [00:01, 55.2it/s]"), "55it [<timing>]");
  EXPECT_EQ(tokens_.progress_bars("list [1, 2]"), "list [1, 2]");
  EXPECT_EQ(ledger_.at("T4"), 2U);
}

TEST(T4, is_for_stderr_only) {
  const auto digest = [](const char* name, const char* text) {
    return canonical_notebook(test::NotebookText().cell("\"x\"", test::stream(name, text)).text(), "nb")
        .digest;
  };
  const char* slow = "\"1/1 [00:02<00:00, 2s/it]\"";
  const char* fast = "\"1/1 [00:01<00:00, 1s/it]\"";
  EXPECT_EQ(digest("stderr", slow), digest("stderr", fast));
  EXPECT_NE(digest("stdout", slow), digest("stdout", fast));
}

}  // namespace
}  // namespace fresh::determinism
