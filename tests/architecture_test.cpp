// The rules of the house that a compiler does not know: who may include whom (as the root CMakeLists.txt
// declares it), and what a file may not hold.

#include "base/file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fresh {
namespace {

using Names = std::set<std::string>;
using Lines = std::vector<std::string>;
/// Path below the project -> content.
using Files = std::map<std::string, std::string>;

constexpr std::size_t most_lines = 400;

/// Module -> the modules that it may include, from the `fresh_module(NAME DEPENDS ... LIBRARIES ...)` calls.
std::map<std::string, Names> declared_modules(const std::string& cmake) {
  std::map<std::string, Names> modules;
  const std::string call = "fresh_module(";
  for (auto at = cmake.find(call); at != std::string::npos; at = cmake.find(call, at + 1)) {
    const auto begin = at + call.size();
    std::istringstream words(cmake.substr(begin, cmake.find(')', begin) - begin));
    std::string name;
    words >> name;
    Names& depends = modules[name];
    bool in_depends = false;
    for (std::string word; words >> word;) {
      if (word == "DEPENDS" || word == "LIBRARIES") {
        in_depends = word == "DEPENDS";
      } else if (in_depends) {
        depends.insert(word);
      }
    }
  }
  return modules;
}

/// What a module may include: itself, what it depends on, and what that depends on.
Names reach(const std::map<std::string, Names>& modules, const std::string& name) {
  Names reached;
  Names open{name};
  while (!open.empty()) {
    const std::string next = *open.begin();
    open.erase(open.begin());
    if (reached.insert(next).second && modules.contains(next)) {
      open.insert(modules.at(next).begin(), modules.at(next).end());
    }
  }
  return reached;
}

/// One file under inspection.
class Inspection {
 public:
  Inspection(std::string path, const std::string& content, Lines& violations)
      : path_(std::move(path)), violations_(violations) {
    std::istringstream text(content);
    for (std::string line; std::getline(text, line);) {
      lines_.push_back(line);
    }
  }

  void check_includes(const std::map<std::string, Names>& modules) {
    // src/main.cpp stands above all modules, as part of cli.
    const std::string below = path_.substr(std::string("src/").size());
    const auto slash = below.find('/');
    const std::string module = slash == std::string::npos ? "cli" : below.substr(0, slash);
    if (!modules.contains(module)) {
      say(0, fmt::format("the module '{}' is not declared in CMakeLists.txt", module));
      return;
    }
    const Names allowed = reach(modules, module);
    const std::string include = "#include \"";
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!lines_[i].starts_with(include)) {
        continue;
      }
      const std::string target = lines_[i].substr(include.size());
      const std::string included = target.substr(0, target.find('/'));
      if (!allowed.contains(included)) {
        say(i + 1, fmt::format("'{}' may not include '{}'", module, included));
      }
    }
  }

  void refuse(const std::string& part, const std::string& why) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].find(part) != std::string::npos) {
        say(i + 1, why);
      }
    }
  }

  /// As refuse, for a call of a function of that very name.
  void refuse_call(const std::string& name, const std::string& why) {
    const auto is_part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      for (auto at = lines_[i].find(name + "("); at != std::string::npos;
           at = lines_[i].find(name + "(", at + 1)) {
        if (at == 0 || !is_part(lines_[i][at - 1])) {
          say(i + 1, why);
        }
      }
    }
  }

  void check_length() {
    if (lines_.size() > most_lines) {
      say(0, fmt::format("{} lines, at most {}", lines_.size(), most_lines));
    }
  }

 private:
  void say(std::size_t line, const std::string& what) {
    violations_.push_back(line == 0 ? fmt::format("{}: {}", path_, what)
                                    : fmt::format("{}:{}: {}", path_, line, what));
  }

  std::string path_;
  Lines& violations_;
  Lines lines_;
};

/// Every breach of the rules, as `path:line: what`.
Lines violations(const std::string& cmake, const Files& files) {
  const auto modules = declared_modules(cmake);
  Lines found;
  for (const auto& [path, content] : files) {
    Inspection file(path, content, found);
    const bool is_header = path.ends_with(".h");
    const bool is_source = path.starts_with("src/");
    file.check_length();
    // The words are written in two pieces, so that this file does not hold them.
    file.refuse(
        "std::"
        "regex",
        "the regular expressions of the library crash on long input, use RE2");
    file.refuse(
        "<"
        "regex>",
        "the regular expressions of the library crash on long input, use RE2");
    file.refuse(
        "sleep"
        "_for",
        "wait with base::Clock, and for something");
    file.refuse(
        "TO"
        "DO",
        "unfinished");
    file.refuse(
        "FIX"
        "ME",
        "unfinished");
    file.refuse(
        "GTEST"
        "_SKIP",
        "a test that cannot run must fail");
    if (is_header) {
      file.refuse(
          "using "
          "namespace ",
          "a header opens no namespace for others");
    }
    if (!is_source) {
      continue;
    }
    file.check_includes(modules);
    if (is_header) {
      file.refuse("nlohmann/json.hpp", "a header takes nlohmann/json_fwd.hpp");
      file.refuse("<yaml-cpp/", "a header does not know yaml-cpp");
    }
    if (path != "src/cli/arguments.cpp" && path != "src/cli/verb_options.h") {
      file.refuse("#include <CLI/", "only the arguments of src/cli know CLI11");
    }
    if (!path.starts_with("src/cli/")) {
      file.refuse(
          "std::"
          "cout",
          "only cli writes to standard output");
      file.refuse_call("exit", "only cli ends the process");
    }
  }
  return found;
}

Files project_files() {
  const std::filesystem::path root = FRESH_SOURCE_DIR;
  Files files;
  for (const char* folder : {"src", "tests"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (entry.is_regular_file() && (extension == ".h" || extension == ".cpp")) {
        files.emplace(entry.path().lexically_relative(root).generic_string(), base::read_file(entry.path()));
      }
    }
  }
  return files;
}

constexpr const char* small_cmake =
    "fresh_module(base LIBRARIES x)\n"
    "fresh_module(engine DEPENDS base)\n"
    "fresh_module(\n  pipeline\n  DEPENDS base engine\n  LIBRARIES y)\n"
    "fresh_module(cli DEPENDS pipeline)\n";

TEST(Architecture, the_project_keeps_its_rules) {
  const Lines found = violations(base::read_file(FRESH_SOURCE_DIR "/CMakeLists.txt"), project_files());
  EXPECT_TRUE(found.empty()) << fmt::format("{}", fmt::join(found, "\n"));
}

TEST(Architecture, the_rules_look_at_the_real_project) {
  const auto modules = declared_modules(base::read_file(FRESH_SOURCE_DIR "/CMakeLists.txt"));
  EXPECT_GE(modules.size(), 15U);
  EXPECT_TRUE(modules.at("engine").contains("base"));
  EXPECT_FALSE(modules.at("base").contains("engine"));
  EXPECT_GE(project_files().size(), 100U);
}

TEST(Architecture, no_module_depends_on_one_that_depends_on_it) {
  const auto modules = declared_modules(base::read_file(FRESH_SOURCE_DIR "/CMakeLists.txt"));
  for (const auto& [name, depends] : modules) {
    for (const auto& other : depends) {
      ASSERT_TRUE(modules.contains(other)) << name << " depends on " << other;
      EXPECT_FALSE(reach(modules, other).contains(name)) << name << " and " << other;
    }
  }
}

TEST(ArchitectureRules, find_an_include_against_the_arrows) {
  const Files files{
      {"src/engine/e.cpp", "#include \"engine/e.h\"\n#include \"base/b.h\"\n#include \"pipeline/p.h\"\n"},
      {"src/other/o.cpp", ""},
      {"src/main.cpp", "#include \"cli/c.h\"\n#include \"base/b.h\"\n"},
      {"src/cli/c.cpp", "#include \"engine/e.h\"\n"}};
  EXPECT_EQ(violations(small_cmake, files),
            (Lines{"src/engine/e.cpp:3: 'engine' may not include 'pipeline'",
                   "src/other/o.cpp: the module 'other' is not declared in CMakeLists.txt"}));
}

TEST(ArchitectureRules, find_what_a_file_may_not_hold) {
  const Files files{{"src/base/a.cpp",
                     "std::"
                     "cout << 1;\nstd::exit(1);\n::_exit(1);\non_exit(f);\n"},
                    {"src/base/b.h",
                     "#include <nlohmann/json.hpp>\n#include <yaml-cpp/yaml.h>\nusing "
                     "namespace std;\n"},
                    {"src/base/c.cpp",
                     "#include <CLI/CLI.hpp>\n// TO"
                     "DO\n"},
                    {"src/base/d.h", "#include <nlohmann/json_fwd.hpp>\n"},
                    {"src/cli/arguments.cpp",
                     "#include <CLI/CLI.hpp>\nstd::"
                     "cout << 1;\n"},
                    {"tests/e.cpp",
                     "GTEST"
                     "_SKIP();\nsleep"
                     "_for(1s);\n#include <"
                     "regex>\nusing "
                     "namespace x;\n"},
                    {"tests/long.h", std::string(most_lines + 1, '\n')}};
  const Lines expected{"src/base/a.cpp:1: only cli writes to standard output",
                       "src/base/a.cpp:2: only cli ends the process",
                       "src/base/b.h:3: a header opens no namespace for others",
                       "src/base/b.h:1: a header takes nlohmann/json_fwd.hpp",
                       "src/base/b.h:2: a header does not know yaml-cpp",
                       "src/base/c.cpp:2: unfinished",
                       "src/base/c.cpp:1: only the arguments of src/cli know CLI11",
                       "tests/e.cpp:3: the regular expressions of the library crash on long input, use RE2",
                       "tests/e.cpp:2: wait with base::Clock, and for something",
                       "tests/e.cpp:1: a test that cannot run must fail",
                       "tests/long.h: 401 lines, at most 400"};
  EXPECT_EQ(violations(small_cmake, files), expected);
}

}  // namespace
}  // namespace fresh
