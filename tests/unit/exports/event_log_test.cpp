#include "exports/event_log.h"

#include "base/error.h"
#include "base/file.h"
#include "unit/exports/sample_report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>
#include <thread>

namespace fresh::exports {
namespace {

using nlohmann::json;
namespace type = base::event_type;

/// Stands still but when told.
class HandClock final : public base::Clock {
 public:
  base::WallTime wall() const override { return sample_time() + now; }
  base::SteadyTime steady() const override { return base::SteadyTime(now); }
  bool wait(base::Milliseconds /*duration*/, const std::stop_token& /*stop*/) const override { return true; }
  base::Milliseconds now{0};
};

base::Event event(const char* kind, const std::string& subject, const std::string& text = {}) {
  base::Event made;
  made.type = kind;
  made.subject = subject;
  made.text = text;
  return made;
}

class EventLogTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "r" / "events.jsonl"; }

  std::vector<json> lines() const {
    std::vector<json> documents;
    std::istringstream text(base::read_file(file()));
    for (std::string line; std::getline(text, line);) {
      documents.push_back(json::parse(line));
    }
    return documents;
  }

  base::TemporaryFolder folder_;
  HandClock clock_;
};

TEST_F(EventLogTest, begins_with_its_version) {
  const EventLog log(file(), "r1", clock_);
  EXPECT_EQ(base::read_file(file()), "{\"type\":\"version\",\"schema\":1}\n");
}

TEST_F(EventLogTest, each_line_says_when_and_where) {
  EventLog log(file(), "r1", clock_);
  clock_.now = base::Milliseconds(250);
  log.hear(event(type::gate_started, "gate:G4_BUILD"));
  base::Event step = event(type::step_finished, "image:x", "built 'x'");
  step.outcome = "ok";
  step.took = base::Milliseconds(200);
  step.fields = {{"id", "sha256:1"}};
  log.hear(step);
  log.hear(event(type::gate_finished, "gate:G4_BUILD"));
  log.hear(event(type::notice, "run", "between gates"));

  const auto documents = lines();
  ASSERT_EQ(documents.size(), 5U);
  EXPECT_EQ(documents[2],
            json::parse(R"({"type":"step.finished","subject":"image:x","text":"built 'x'","outcome":"ok",
      "took_ms":200,"fields":{"id":"sha256:1"},"seq":2,"time":"2026-11-21T06:19:14.373Z","monotonic_ms":250,"run":"r1",
      "gate":"G4_BUILD"})"));
  EXPECT_EQ(documents[3]["gate"], "G4_BUILD");
  EXPECT_EQ(documents[4]["gate"], "");
  EXPECT_EQ(documents[4]["seq"], 4);
}

TEST_F(EventLogTest, ends_with_the_exit_code) {
  EventLog log(file(), "r1", clock_);
  base::Event end = event(type::run_finished, "run");
  end.fields = {{"exit_code", "50"}};
  log.hear(end);
  log.hear(event(type::notice, "run", "too late"));
  const auto documents = lines();
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_EQ(documents.back()["type"], "run.finished");
  EXPECT_EQ(documents.back()["exit_code"], 50);
}

TEST_F(EventLogTest, an_end_without_an_exit_code_is_no_success) {
  EventLog log(file(), "r1", clock_);
  log.hear(event(type::run_finished, "run"));
  EXPECT_EQ(lines().back()["exit_code"], 1);
}

TEST_F(EventLogTest, is_readable_while_it_grows_and_takes_any_bytes) {
  EventLog log(file(), "r1", clock_);
  log.hear(event(type::log_line, "service:db:1", "bad \xff \x1b[31m\nsecond"));
  EXPECT_EQ(lines().back()["text"], "bad \xEF\xBF\xBD \x1b[31m\nsecond");
}

TEST_F(EventLogTest, threads_do_not_tear_lines) {
  EventLog log(file(), "r1", clock_);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) {
          log.hear(event(type::notice, "x", std::string(100, 'y')));
        }
      });
    }
  }
  const auto documents = lines();
  ASSERT_EQ(documents.size(), 401U);
  for (std::size_t i = 1; i < documents.size(); ++i) {
    EXPECT_EQ(documents[i]["seq"], i);
  }
}

TEST_F(EventLogTest, a_place_that_cannot_be_written_is_said) {
  base::write_file_atomic(folder_.path() / "r", "a file");
  EXPECT_THROW(EventLog(file(), "r1", clock_), base::Error);
}

TEST_F(EventLogTest, a_write_that_fails_is_remembered_not_thrown) {
  EventLog log("/dev/full", "r1", clock_);
  EXPECT_NO_THROW(log.hear(event(type::notice, "x", "y")));
  ASSERT_TRUE(log.failure().has_value());
  EXPECT_NE(log.failure()->find("'/dev/full': No space left"), std::string::npos);
}

}  // namespace
}  // namespace fresh::exports
