#include "determinism/compare.h"

#include "base/error.h"
#include "base/sha256.h"
#include "notebook_text.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fresh::determinism {
namespace {

using test::NotebookText;
using test::stream;

Baseline run_of(const std::string& source, const std::string& output) {
  Baseline run{
      .commit = "c1", .seed = 42, .mode = "strict", .profile = "default", .controls = {{"TZ", "UTC"}}};
  run.results = setting_leaves(run.seed, run.controls);
  run.inputs["image/x:1"] = base::sha256_hex("image");
  const auto text = NotebookText().cell("\"import random\"").cell(source, stream("stdout", output)).text();
  add_notebook(run, canonical_notebook(text, "notebooks/eda.ipynb"));
  return run;
}

TEST(Leaves, names_say_what_they_are) {
  const LeafName leaf = parse_leaf("notebook/a/b.ipynb#c012.o3.image/svg+xml");
  EXPECT_EQ(leaf.notebook, "a/b.ipynb");
  EXPECT_EQ(leaf.cell, 12);
  EXPECT_EQ(leaf.output, 3);
  EXPECT_EQ(leaf.mime, "image/svg+xml");
  EXPECT_EQ(parse_leaf("notebook/a.ipynb#c001").output, 0);
  EXPECT_EQ(parse_leaf("artifact/x.csv").notebook, "");
}

TEST(Fingerprint, changes_with_each_name_and_digest) {
  const Leaves leaves{{"a", "1"}, {"b", "2"}, {"c", "3"}};
  const std::string root = fingerprint(leaves);
  EXPECT_EQ(root.size(), 64U);
  EXPECT_NE(fingerprint({{"a", "1"}, {"b", "2"}}), root);
  EXPECT_NE(fingerprint({{"a", "1"}, {"b", "2"}, {"c", "4"}}), root);
  EXPECT_NE(fingerprint({{"a", "1"}, {"b", "2"}, {"d", "3"}}), root);
  EXPECT_NE(fingerprint({{"a1", ""}, {"b", "2"}, {"c", "3"}}), root);
  EXPECT_NE(fingerprint({}), root);
  EXPECT_EQ(fingerprint({}), "33a438d7ceacb7caf5a0ff88abce07fd618765d74d6a1b1762e382c825e669a0");
}

TEST(Baseline, survives_being_written_and_read) {
  Baseline run = run_of("\"print(1)\"", "\"1\"");
  run.opt_outs["notebook/x#c001"] = "because";
  run.ledger["T1"] = 3;
  EXPECT_EQ(read_baseline(baseline_document(run, true), "lock"), run);
  const Baseline without = read_baseline(baseline_document(run, false), "lock");
  EXPECT_TRUE(without.texts.empty());
  EXPECT_EQ(without.results, run.results);
  EXPECT_EQ(baseline_document(run, true), baseline_document(run, true));
}

TEST(Baseline, is_written_one_leaf_a_line) {
  const std::string lock = baseline_document(run_of("\"x\"", "\"1\""), false);
  EXPECT_NE(lock.find("\n  \"notebook/notebooks/eda.ipynb#c002.o1.text/plain\": \""), std::string::npos)
      << lock;
  EXPECT_EQ(lock.back(), '\n');
}

std::string refusal(const std::string& document) {
  try {
    read_baseline(document, "fresh-clone.lock");
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::determinism);
    return error.message();
  }
  return "accepted";
}

TEST(Baseline, refuses_what_was_changed_by_hand) {
  std::string lock = baseline_document(run_of("\"x\"", "\"1\""), false);
  const auto at = lock.find("\"seed\": \"") + 9;
  lock[at] = lock[at] == '0' ? '1' : '0';
  EXPECT_NE(refusal(lock).find("states the fingerprint"), std::string::npos) << refusal(lock);
  EXPECT_NE(refusal("{}").find("expected the format 'fresh-clone.lock/1', found 'none'"), std::string::npos);
  EXPECT_NE(refusal("nonsense"), "accepted");
  EXPECT_NE(refusal("[]"), "accepted");
}

TEST(Compare, equal_runs_are_equal_and_moved_inputs_are_named) {
  const Baseline run = run_of("\"print(1)\"", "\"1\"");
  EXPECT_TRUE(compare(run, run).equal());
  Baseline moved = run;
  moved.inputs["image/x:1"] = base::sha256_hex("other");
  const Comparison comparison = compare(run, moved);
  EXPECT_TRUE(comparison.equal());
  ASSERT_EQ(comparison.moved_inputs.size(), 1U);
  EXPECT_EQ(comparison.moved_inputs[0].name, "image/x:1");
  EXPECT_NE(explain(comparison).find("inputs that moved: 1"), std::string::npos);
}

TEST(Compare, a_difference_names_notebook_cell_output_and_cause) {
  const Comparison comparison = compare(run_of("\"print(random.random())\"", "\"0.25\\n\""),
                                        run_of("\"print(random.random())\"", "\"0.75\\n\""));
  ASSERT_EQ(comparison.differences.size(), 1U);
  const Difference& difference = comparison.differences[0];
  EXPECT_EQ(difference.leaf.notebook, "notebooks/eda.ipynb");
  EXPECT_EQ(difference.leaf.cell, 2);
  EXPECT_EQ(difference.cells, 2);
  EXPECT_EQ(difference.first_source_line, "print(random.random())");
  EXPECT_EQ(difference.cause.name, "unseeded RNG");
  EXPECT_EQ(difference.text->baseline, "0.25");
  EXPECT_EQ(difference_lines(comparison)[0],
            "notebooks/eda.ipynb cell 2 output 1 text/plain: unseeded RNG (guessed)");
  const std::string text = explain(comparison);
  EXPECT_NE(text.find("notebooks/eda.ipynb  cell 2 of 2 `print(random.random())`  output 1 text/plain\n"
                      "   A  line 1  0.25\n   B  line 1  0.75\n   cause  unseeded RNG (guessed)   fix  "),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("no input moved"), std::string::npos);
}

TEST(Compare, works_without_the_texts_of_the_baseline) {
  Baseline baseline = run_of("\"x\"", "\"1\"");
  baseline.texts.clear();
  const Comparison comparison = compare(baseline, run_of("\"x\"", "\"2\""));
  ASSERT_EQ(comparison.differences.size(), 1U);
  EXPECT_FALSE(comparison.differences[0].text);
  EXPECT_EQ(comparison.differences[0].first_source_line, "x");
}

TEST(Compare, outputs_that_came_or_went_are_differences) {
  Baseline baseline = run_of("\"x\"", "\"1\"");
  Baseline current = baseline;
  current.results.erase("notebook/notebooks/eda.ipynb#c002.o1.text/plain");
  current.results["artifact/a.csv"] = base::sha256_hex("a");
  const Comparison comparison = compare(baseline, current);
  ASSERT_EQ(comparison.differences.size(), 2U);
  EXPECT_NE(explain(comparison).find("only in this run"), std::string::npos);
  EXPECT_NE(explain(comparison).find("only in the baseline"), std::string::npos);
}

TEST(Compare, a_notebook_that_is_gone_is_one_difference) {
  const Baseline baseline = run_of("\"x\"", "\"1\"");
  Baseline current = baseline;
  std::erase_if(current.results, [](const auto& leaf) { return leaf.first.starts_with("notebook/"); });
  const Comparison comparison = compare(baseline, current);
  ASSERT_EQ(comparison.differences.size(), 1U);
  EXPECT_EQ(difference_lines(comparison)[0], "notebook/notebooks/eda.ipynb: only in the baseline");
}

TEST(Compare, a_control_is_shown_by_its_value) {
  const Baseline baseline = run_of("\"x\"", "\"1\"");
  Baseline current = baseline;
  current.controls["TZ"] = "CET";
  current.results["control/TZ"] = setting_leaves(1, {{"TZ", "CET"}}).at("control/TZ");
  const std::string text = explain(compare(baseline, current));
  EXPECT_NE(text.find("UTC"), std::string::npos) << text;
  EXPECT_NE(text.find("CET"), std::string::npos) << text;
}

TEST(Compare, runs_of_another_seed_commit_mode_profile_or_rules_are_not_compared) {
  const Baseline run = run_of("\"x\"", "\"1\"");
  for (auto change : {+[](Baseline& b) { b.seed = 7; }, +[](Baseline& b) { b.commit = "c2"; },
                      +[](Baseline& b) { b.mode = "no-reset"; }, +[](Baseline& b) { b.profile = "dev"; },
                      +[](Baseline& b) { b.rules = "other/1"; }}) {
    Baseline other = run;
    change(other);
    const Comparison comparison = compare(run, other);
    EXPECT_FALSE(comparison.comparable);
    EXPECT_FALSE(comparison.equal());
    EXPECT_TRUE(explain(comparison).starts_with("not comparable: the baseline was made with "));
  }
}

TEST(Explain, stays_short_however_much_differs) {
  const Baseline baseline = run_of("\"x\"", "\"1\"");
  Baseline current = baseline;
  for (int i = 0; i < 100; ++i) {
    current.results[fmt::format("artifact/{}", i)] = base::sha256_hex("a");
    current.inputs[fmt::format("lock/{}", i)] = base::sha256_hex("a");
  }
  const std::string text = explain(compare(baseline, current));
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 14);
  EXPECT_NE(text.find("and 98 more"), std::string::npos);
}

TEST(Cause, is_guessed_from_the_texts_then_from_the_source) {
  const auto cause = [](const char* a, const char* b, const char* source) {
    return guess_cause(a, b, source).name;
  };
  EXPECT_EQ(cause("{'a', 'b'}", "{'b', 'a'}", ""), "hash order");
  EXPECT_EQ(cause("id 0f8fad5b-d9cb-469f-a165-70867728950e", "id 1f8fad5b-d9cb-469f-a165-70867728950e", ""),
            "uuid");
  EXPECT_EQ(cause("0x7f1234567890", "0x7f1234567899", ""), "address in data");
  EXPECT_EQ(cause("/tmp/tmpabcdefgh/x", "/tmp/tmphgfedcba/x", ""), "temp path");
  EXPECT_EQ(cause("2026-01-01 10:00:00", "2026-01-01 10:00:01", ""), "wall clock");
  EXPECT_EQ(cause("mean 0.12345678901", "mean 0.12345678902", "df.mean()"), "float");
  EXPECT_EQ(cause("123", "456", "os.getpid()"), "pid");
  EXPECT_EQ(cause("0.1", "0.9", "df.sample(5)"), "unseeded RNG");
  EXPECT_EQ(cause("0.1", "0.9", "time.perf_counter()"), "wall clock");
  EXPECT_EQ(cause("1", "2", "x"), "unknown");
  EXPECT_EQ(cause("", "", "uuid.uuid4()"), "uuid");
}

TEST(TextDifference, finds_the_first_line) {
  EXPECT_FALSE(first_difference("a", "a"));
  EXPECT_EQ(first_difference("a\nb", "a\nc")->line, 2);
  EXPECT_EQ(first_difference("a", "a\nb")->current, "b");
  EXPECT_EQ(first_difference("", "x")->current, "x");
  EXPECT_EQ(first_difference("a\n", "a")->line, 2);
}

TEST(TextDifference, shows_the_place_of_a_long_line) {
  const std::string a = std::string(500, 'x') + "é1" + std::string(500, 'y');
  const std::string b = std::string(500, 'x') + "é2" + std::string(500, 'y');
  const std::string shown = excerpt(a, b, 40);
  EXPECT_NE(shown.find("é1"), std::string::npos) << shown;
  EXPECT_TRUE(shown.starts_with("…") && shown.ends_with("…"));
  EXPECT_EQ(excerpt("a\x1b[31m", "", 40), "a?[31m");
}

}  // namespace
}  // namespace fresh::determinism
