// Every block of README.md and docs that is marked ```sh run is run, so that the documents stay true.
#include "base/file.h"
#include "base/process.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string name;  ///< `README_12`: the document and the line of the block
  std::string commands;
};

class Documented : public ::testing::Test {
 public:
  explicit Documented(std::string commands) : commands_(std::move(commands)) {}

  void TestBody() override {
    const base::TemporaryFolder folder;
    const std::string path =
        fs::path(FRESH_BINARY).parent_path().string() + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
    const auto result =
        base::run_command({.argv = {"bash", "-euo", "pipefail", "-c", commands_},
                           .folder = FRESH_SOURCE_DIR,
                           .environment = {{"PATH", path}, {"XDG_STATE_HOME", folder.path().string()}},
                           .deadline = std::chrono::minutes(1)},
                          {});
    EXPECT_EQ(result.exit_code, 0) << commands_ << result.out << result.err;
  }

 private:
  std::string commands_;
};

std::vector<Block> blocks_of(const fs::path& document) {
  std::vector<Block> blocks;
  std::istringstream lines(base::read_file(document));
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line == "```sh run") {
      inside = true;
      blocks.push_back({document.stem().string() + "_" + std::to_string(number), ""});
    } else if (line.starts_with("```")) {
      inside = false;
    } else if (inside) {
      blocks.back().commands += line + "\n";
    }
  }
  return blocks;
}

void register_blocks() {
  const fs::path root = FRESH_SOURCE_DIR;
  std::vector<fs::path> documents{root / "README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") {
      documents.push_back(entry.path());
    }
  }
  std::sort(documents.begin(), documents.end());
  for (const auto& document : documents) {
    for (const auto& block : blocks_of(document)) {
      ::testing::RegisterTest(
          "docs", block.name.c_str(), nullptr, nullptr, document.c_str(), 1,
          [commands = block.commands]() -> ::testing::Test* { return new Documented(commands); });
    }
  }
}

}  // namespace
}  // namespace fresh::test

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  fresh::test::register_blocks();
  return RUN_ALL_TESTS();
}
