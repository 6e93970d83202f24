#include "state/ledger.h"

#include "base/error.h"
#include "base/file.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <functional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace fresh::state {
namespace {

using base::Error;
using base::ExitCode;
using std::chrono::milliseconds;

class LedgerTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / ".fresh-clone" / "ledger.sqlite"; }

  static RunRecord run(const std::string& id) {
    return {.id = id,
            .project = "demo",
            .commit = "c0ffee",
            .dirty = true,
            .seed = 42,
            .mode = "strict",
            .result = "RUNNING",
            .started = "2026-11-21T06:00:00.000Z",
            .engine = "podman 4.3.1"};
  }

  static Baseline baseline(const std::string& fingerprint) {
    return {.key = {.commit = "c0ffee", .seed = 42, .mode = "strict", .profile = "default"},
            .fingerprint = fingerprint,
            .document = R"({"leaves":[]})",
            .run = "first",
            .recorded_at = "2026-11-21T06:01:00.000Z"};
  }

  /// The message and hint of the refusal to open the file.
  std::string refusal() const {
    try {
      const Ledger ledger(file());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::precheck);
      return error.render();
    }
    return "no refusal";
  }

  base::TemporaryFolder folder_;
};

TEST_F(LedgerTest, keeps_what_a_run_was_across_openings) {
  RunRecord expected = run("r1");
  {
    Ledger ledger(file());
    ledger.begin_run(expected);
    EXPECT_EQ(ledger.last_runs(5), std::vector{expected});
    expected.result = "FAIL";
    expected.failed_gate = "G8_NOTEBOOKS";
    expected.exit_code = 50;
    expected.ended = "2026-11-21T06:05:00.000Z";
    expected.fingerprint = "abc";
    expected.grade = "B";
    ledger.finish_run(expected);
  }
  EXPECT_EQ(Ledger(file()).last_runs(5), std::vector{expected});
}

TEST_F(LedgerTest, lists_the_newest_runs_first_and_no_more_than_asked) {
  Ledger ledger(file());
  for (const char* id : {"z-first", "m-second", "a-third"}) {
    ledger.begin_run(run(id));
  }
  const auto runs = ledger.last_runs(2);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].id, "a-third");
  EXPECT_EQ(runs[1].id, "m-second");
}

TEST_F(LedgerTest, refuses_a_run_id_twice) {
  Ledger ledger(file());
  ledger.begin_run(run("r1"));
  try {
    ledger.begin_run(run("r1"));
    FAIL() << "the second begin was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_NE(error.message().find("'r1'"), std::string::npos);
  }
}

TEST_F(LedgerTest, records_nothing_for_a_run_that_never_began) {
  Ledger ledger(file());
  EXPECT_THROW(ledger.finish_run(run("ghost")), Error);
  EXPECT_THROW(ledger.record_gate("ghost", {.gate = "G0_PRECHECK"}), Error);
  EXPECT_THROW(ledger.record_images("ghost", {{.name = "a"}}), Error);
  EXPECT_TRUE(ledger.last_runs(5).empty());
  EXPECT_TRUE(ledger.gates("ghost").empty());
}

TEST_F(LedgerTest, settles_runs_whose_process_died) {
  Ledger ledger(file());
  ledger.begin_run(run("died"));
  RunRecord done = run("done");
  ledger.begin_run(done);
  done.result = "PASS";
  done.ended = "2026-11-21T06:05:00.000Z";
  ledger.finish_run(done);

  EXPECT_EQ(ledger.settle_dead_runs("2026-11-21T07:00:00.000Z"), std::vector<std::string>{"died"});
  EXPECT_TRUE(ledger.settle_dead_runs("2026-11-21T08:00:00.000Z").empty());
  const auto runs = ledger.last_runs(2);
  EXPECT_EQ(runs[0].result, "PASS");
  EXPECT_EQ(runs[1].result, "DIED");
  EXPECT_EQ(runs[1].ended, "2026-11-21T07:00:00.000Z");
}

TEST_F(LedgerTest, the_last_word_about_a_gate_counts_and_keeps_its_place) {
  Ledger ledger(file());
  ledger.begin_run(run("r1"));
  ledger.record_gate(
      "r1", {.gate = "G0_PRECHECK", .result = "failed", .took = milliseconds(5), .reason = "no disk"});
  ledger.record_gate("r1", {.gate = "G1_PODMAN", .result = "passed", .took = milliseconds(7), .reason = ""});
  ledger.record_gate("r1",
                     {.gate = "G0_PRECHECK", .result = "passed", .took = milliseconds(9), .reason = ""});
  const std::vector<GateRecord> expected{
      {.gate = "G0_PRECHECK", .result = "passed", .took = milliseconds(9), .reason = ""},
      {.gate = "G1_PODMAN", .result = "passed", .took = milliseconds(7), .reason = ""}};
  EXPECT_EQ(ledger.gates("r1"), expected);
}

TEST_F(LedgerTest, keeps_images_sorted_by_name) {
  Ledger ledger(file());
  ledger.begin_run(run("r1"));
  const ImageRecord base{
      .name = "localhost/base:1", .id = "sha256:1", .digest = "", .source = "built", .inputs_key = "k"};
  const ImageRecord app{
      .name = "localhost/app:1", .id = "sha256:2", .digest = "sha256:d", .source = "cached"};
  ledger.record_images("r1", {base, app});
  EXPECT_EQ(ledger.images("r1"), (std::vector{app, base}));
}

TEST_F(LedgerTest, the_first_baseline_of_a_key_stays) {
  Ledger ledger(file());
  EXPECT_FALSE(ledger.find_baseline(baseline("x").key).has_value());
  EXPECT_TRUE(ledger.record_baseline(baseline("one")));
  EXPECT_FALSE(ledger.record_baseline(baseline("two")));
  EXPECT_EQ(ledger.find_baseline(baseline("x").key), baseline("one"));
}

TEST_F(LedgerTest, a_baseline_is_found_by_its_whole_key_only) {
  Ledger ledger(file());
  ledger.record_baseline(baseline("one"));
  const BaselineKey key = baseline("x").key;
  for (const auto& change : std::vector<std::function<void(BaselineKey&)>>{
           [](BaselineKey& other) { other.commit = "dead"; }, [](BaselineKey& other) { other.seed = 43; },
           [](BaselineKey& other) { other.mode = "no-reset"; },
           [](BaselineKey& other) { other.profile = "dev"; }}) {
    BaselineKey other = key;
    change(other);
    EXPECT_FALSE(ledger.find_baseline(other).has_value());
  }
}

TEST_F(LedgerTest, remembers_the_last_duration_of_each_notebook) {
  Ledger ledger(file());
  ledger.record_notebook_durations({{"a.ipynb", milliseconds(10)}, {"b.ipynb", milliseconds(20)}});
  ledger.record_notebook_durations({{"b.ipynb", milliseconds(25)}});
  const std::map<std::string, milliseconds> expected{{"a.ipynb", milliseconds(10)},
                                                     {"b.ipynb", milliseconds(25)}};
  EXPECT_EQ(ledger.last_notebook_durations(), expected);
}

TEST_F(LedgerTest, takes_text_that_is_hostile_to_sql) {
  Ledger ledger(file());
  RunRecord odd = run("r'; DROP TABLE runs; --");
  odd.project = std::string("nul\0inside", 10);
  ledger.begin_run(odd);
  EXPECT_EQ(ledger.last_runs(1), std::vector{odd});
}

TEST_F(LedgerTest, refuses_a_file_that_is_no_database_and_keeps_a_copy) {
  std::filesystem::create_directories(file().parent_path());
  const std::string garbage(8192, 'x');
  base::write_file_atomic(file(), garbage);
  const std::string said = refusal();
  EXPECT_NE(said.find("damaged"), std::string::npos) << said;
  EXPECT_NE(said.find("hint: remove '" + file().string()), std::string::npos) << said;
  EXPECT_EQ(base::read_file(file().string() + ".corrupt"), garbage);
  EXPECT_EQ(base::read_file(file()), garbage);
}

TEST_F(LedgerTest, refuses_a_truncated_file) {
  {
    Ledger ledger(file());
    ledger.begin_run(run("r1"));
  }
  std::filesystem::resize_file(file(), std::filesystem::file_size(file()) / 2);
  EXPECT_NE(refusal().find("damaged"), std::string::npos);
}

TEST_F(LedgerTest, no_changed_byte_crashes_or_hangs_it) {
  {
    Ledger ledger(file());
    for (int i = 0; i < 20; ++i) {
      ledger.begin_run(run("r" + std::to_string(i)));
    }
  }
  const std::string intact = base::read_file(file());
  int refused = 0;
  for (std::size_t at = 0; at < intact.size(); at += 97) {
    std::string changed = intact;
    changed[at] = static_cast<char>(~changed[at]);
    std::filesystem::remove(file().string() + "-wal");
    std::filesystem::remove(file().string() + "-shm");
    base::write_file_atomic(file(), changed);
    try {
      Ledger(file()).last_runs(100);
    } catch (const Error& error) {
      ++refused;
      EXPECT_FALSE(error.message().empty());
    }
  }
  EXPECT_GT(refused, 0);
}

TEST_F(LedgerTest, an_empty_file_becomes_a_ledger) {
  base::write_file_atomic(file(), "");
  Ledger ledger(file());
  ledger.begin_run(run("r1"));
  EXPECT_EQ(ledger.last_runs(1).size(), 1U);
}

TEST_F(LedgerTest, refuses_a_newer_schema_and_leaves_it_alone) {
  { const Ledger ledger(file()); }
  // user_version is the big-endian number at offset 60 of the file's header.
  std::string content = base::read_file(file());
  content[63] = static_cast<char>(Ledger::newest_schema() + 1);
  base::write_file_atomic(file(), content);
  const std::string said = refusal();
  EXPECT_NE(said.find("has schema 2, this program knows up to 1"), std::string::npos) << said;
  EXPECT_NE(said.find("newer fresh-clone"), std::string::npos) << said;
  EXPECT_EQ(base::read_file(file())[63], content[63]);
}

TEST_F(LedgerTest, a_folder_in_its_place_is_said) {
  std::filesystem::create_directories(file());
  EXPECT_NE(refusal().find("cannot use the ledger"), std::string::npos);
}

TEST_F(LedgerTest, hides_its_folder_from_git) {
  const Ledger ledger(file());
  EXPECT_EQ(base::read_file(file().parent_path() / ".gitignore"), "*\n");
}

TEST_F(LedgerTest, what_was_recorded_survives_a_kill) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    Ledger ledger(file());
    for (int i = 0;; ++i) {
      ledger.begin_run(run("r" + std::to_string(i)));
      if (::write(ends[1], "x", 1) != 1) {
        ::_exit(1);
      }
    }
  }
  ::close(ends[1]);
  int acknowledged = 0;
  for (char byte = 0; acknowledged < 25 && ::read(ends[0], &byte, 1) == 1;) {
    ++acknowledged;
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (char byte = 0; ::read(ends[0], &byte, 1) == 1;) {
    ++acknowledged;
  }
  ::close(ends[0]);
  const auto runs = Ledger(file()).last_runs(1'000'000);
  EXPECT_GE(static_cast<int>(runs.size()), acknowledged);
  EXPECT_LE(static_cast<int>(runs.size()), acknowledged + 1);
}

TEST_F(LedgerTest, threads_and_second_openings_do_not_lose_each_others_records) {
  Ledger ledger(file());
  ledger.begin_run(run("r1"));
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        Ledger own(file());
        for (int i = 0; i < 10; ++i) {
          (i % 2 == 0 ? ledger : own).record_gate("r1", {.gate = fmt::format("{}-{}", t, i)});
        }
      });
    }
  }
  EXPECT_EQ(ledger.gates("r1").size(), 40U);
}

}  // namespace
}  // namespace fresh::state
