// The command line as its user reads it. Each case is three files: NAME.cmd holds `<exit code> <arguments>`,
// NAME.out and NAME.err what is printed; a missing one expects silence. NAME.in, where there is one, is
// standard input. FRESH_ACCEPT=1 writes them anew.
#include "base/file.h"
#include "base/process.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;

const fs::path cases = FRESH_SOURCE_DIR "/tests/cli";

/// Paths of this machine, ids and times as words that never change.
std::string normalised(std::string text) {
  RE2::GlobalReplace(&text, RE2::QuoteMeta(FRESH_SOURCE_DIR), "<source>");
  RE2::GlobalReplace(&text, R"(\b[0-9a-f]{64}\b)", "<sha256>");
  RE2::GlobalReplace(&text, R"(\b\d{8}T\d{6}Z?-[0-9a-z]+\b)", "<run>");
  RE2::GlobalReplace(&text, R"(\b\d+(\.\d+)? ?(ms|s)\b)", "<time>");
  return text;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

void accept(const fs::path& file, const std::string& text) {
  if (text.empty()) {
    fs::remove(file);
  } else {
    base::write_file_atomic(file, text);
  }
}

class Golden : public ::testing::Test {
 public:
  explicit Golden(fs::path command) : command_(std::move(command)) {}

  void TestBody() override {
    const auto words = words_of(base::read_file(command_));
    ASSERT_FALSE(words.empty()) << command_;
    auto file = [path = command_](const char* extension) mutable {
      return path.replace_extension(extension);
    };
    base::Command command{.argv = {FRESH_BINARY}, .folder = cases, .deadline = std::chrono::seconds(30)};
    if (fs::exists(file(".in"))) {
      command.argv = {"/bin/sh", "-c", "in=$1; shift; exec \"$0\" \"$@\" <\"$in\"", FRESH_BINARY,
                      file(".in")};
    }
    command.argv.insert(command.argv.end(), words.begin() + 1, words.end());
    // A width, a colour or a setting of the caller must not reach the goldens.
    command.clean_environment = true;
    command.environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", "/nonexistent"}, {"LANG", "C.UTF-8"}};
    const auto result = base::run_command(command, {});
    if (std::getenv("FRESH_ACCEPT") != nullptr) {
      accept(file(".out"), normalised(result.out));
      accept(file(".err"), normalised(result.err));
    }
    EXPECT_EQ(std::to_string(result.exit_code), words[0]);
    EXPECT_EQ(normalised(result.out), base::read_file_if_exists(file(".out")).value_or(""));
    EXPECT_EQ(normalised(result.err), base::read_file_if_exists(file(".err")).value_or(""));
  }

 private:
  fs::path command_;
};

void register_cases() {
  std::vector<fs::path> commands;
  for (const auto& entry : fs::directory_iterator(cases)) {
    if (entry.path().extension() == ".cmd") {
      commands.push_back(entry.path());
    }
  }
  std::sort(commands.begin(), commands.end());
  for (const auto& command : commands) {
    ::testing::RegisterTest("cli", command.stem().c_str(), nullptr, nullptr, command.c_str(), 1,
                            [command]() -> ::testing::Test* { return new Golden(command); });
  }
}

}  // namespace
}  // namespace fresh::test

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  fresh::test::register_cases();
  return RUN_ALL_TESTS();
}
