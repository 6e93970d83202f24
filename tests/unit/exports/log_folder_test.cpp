#include "exports/log_folder.h"

#include "base/error.h"
#include "base/file.h"

#include <gtest/gtest.h>

namespace fresh::exports {
namespace {

namespace type = base::event_type;

class LogFolderTest : public testing::Test {
 protected:
  void log(const std::string& subject, const std::string& text) {
    base::Event event;
    event.type = type::log_line;
    event.subject = subject;
    event.text = text;
    logs_.hear(event);
  }
  std::string content(const std::string& name) const {
    return base::read_file(folder_.path() / "logs" / name);
  }

  base::TemporaryFolder folder_;
  base::SystemClock clock_;
  LogFolder logs_{folder_.path(), clock_};
};

TEST_F(LogFolderTest, is_there_from_the_begin) {
  EXPECT_EQ(content("pipeline.log"), "");
}

TEST_F(LogFolderTest, each_subject_has_its_log) {
  log("service:db:1", "one");
  log("service:web:1", "other");
  log("service:db:1", "two");
  EXPECT_EQ(content("service-db-1.log"), "one\ntwo\n");
  EXPECT_EQ(content("service-web-1.log"), "other\n");
  EXPECT_EQ(content("pipeline.log"), "");
}

TEST_F(LogFolderTest, everything_else_goes_to_the_log_of_the_pipeline) {
  base::Event event;
  event.type = type::step_finished;
  event.subject = "image:x";
  event.text = "build\n'x'";
  event.outcome = "failed";
  event.took = base::Milliseconds(1200);
  logs_.hear(event);
  const std::string text = content("pipeline.log");
  EXPECT_TRUE(text.ends_with(" step.finished image:x build 'x' [failed] 1.2s\n")) << text;
}

TEST_F(LogFolderTest, a_terminal_is_safe_from_it) {
  log("service:db:1", "\x1b[31mred\x1b[0m \x07 \xff");
  EXPECT_EQ(content("service-db-1.log"), "red  \xEF\xBF\xBD\n");
}

TEST_F(LogFolderTest, shows_the_last_lines) {
  EXPECT_TRUE(logs_.tail("service:db:1", 3).file.empty());
  for (int i = 0; i < 5; ++i) {
    log("service:db:1", std::to_string(i));
  }
  const LogTail tail = logs_.tail("service:db:1", 3);
  EXPECT_EQ(tail.file, "logs/service-db-1.log");
  EXPECT_EQ(tail.lines, (std::vector<std::string>{"2", "3", "4"}));
  EXPECT_EQ(logs_.tail("service:db:1", 30).lines.size(), 5U);
}

TEST_F(LogFolderTest, the_tail_of_a_long_log_is_bounded) {
  for (int i = 0; i < 20; ++i) {
    log("service:db:1", std::string(8000, 'x'));
  }
  EXPECT_EQ(logs_.tail("service:db:1", 1000).lines.size(), 8U);
}

TEST_F(LogFolderTest, a_log_that_cannot_be_written_is_remembered_not_thrown) {
  std::filesystem::remove_all(folder_.path() / "logs");
  EXPECT_NO_THROW(log("service:db:1", "lost"));
  ASSERT_TRUE(logs_.failure().has_value());
  EXPECT_NE(logs_.failure()->find("service-db-1.log'"), std::string::npos);
}

TEST_F(LogFolderTest, a_link_in_the_place_of_a_log_is_not_followed) {
  base::write_file_atomic(folder_.path() / "precious", "p");
  std::filesystem::create_symlink(folder_.path() / "precious", folder_.path() / "logs" / "service-db-1.log");
  log("service:db:1", "line");
  EXPECT_EQ(base::read_file(folder_.path() / "precious"), "p");
  EXPECT_TRUE(logs_.failure().has_value());
}

TEST(LogFolder, a_folder_that_cannot_be_is_said) {
  const base::TemporaryFolder folder;
  const base::SystemClock clock;
  base::write_file_atomic(folder.path() / "logs", "a file");
  EXPECT_THROW(LogFolder(folder.path(), clock), base::Error);
}

TEST(LogName, is_a_safe_file_name) {
  EXPECT_EQ(log_name("service:db:1"), "service-db-1");
  EXPECT_EQ(log_name("notebook:notebooks/a.ipynb"), "notebook-notebooks__a.ipynb");
  for (const std::string subject : {"", "..", "../../etc/passwd", ".hidden", "a b", "a\nb", "pipeline"}) {
    const std::string name = log_name(subject);
    EXPECT_EQ(name.find('/'), std::string::npos) << name;
    EXPECT_NE(name[0], '.') << name;
    EXPECT_NE(name, "pipeline");
  }
  EXPECT_LE(log_name(std::string(5000, 'x')).size(), 120U);
  EXPECT_NE(log_name("a b"), log_name("a?b"));
  EXPECT_NE(log_name(std::string(5000, 'x')), log_name(std::string(5001, 'x')));
}

}  // namespace
}  // namespace fresh::exports
