#include "images/dockerfile.h"

#include "base/exit_code.h"
#include "base/lines.h"
#include "document/refuse.h"
#include "images/instruction.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <set>

namespace fresh::images {
namespace {

class Checker {
 public:
  Checker(const std::string& text, const std::string& name, const std::string& from)
      : source_(std::make_shared<document::Source>(document::Source{name, text})), from_(from) {}

  void check(const Instruction& instruction) {
    const std::string& verb = instruction.words[0];
    if (verb == "FROM") {
      check_from(instruction);
    } else if (verb == "ADD" || verb == "COPY") {
      check_copy(instruction);
    } else if (verb == "HEALTHCHECK") {
      refuse(instruction, "HEALTHCHECK is lost in images of OCI format",
             "declare the healthcheck in the compose file");
    }
  }

  void check_end() const {
    if (stages_ == 0) {
      document::refuse({source_, 1, 1}, "the Dockerfile has no FROM",
                       fmt::format("begin it with: FROM {}", from_), base::ExitCode::deploy);
    }
  }

 private:
  [[noreturn]] void refuse(const Instruction& instruction, const std::string& message,
                           const std::string& hint) const {
    document::refuse({source_, instruction.line, 1}, message, hint, base::ExitCode::deploy);
  }

  void check_from(const Instruction& instruction) {
    const auto& words = instruction.words;
    const auto image = std::find_if(words.begin() + 1, words.end(),
                                    [](const std::string& word) { return !word.starts_with("--"); });
    if (image == words.end()) {
      refuse(instruction, "FROM names no image", fmt::format("write: FROM {}", from_));
    }
    if (*image != from_ && *image != "scratch" && !names_.contains(base::lower(*image))) {
      refuse(instruction,
             fmt::format("FROM names '{}', but fresh-clone.yaml declares from: {}", *image, from_),
             "make the two equal");
    }
    if (words.end() - image >= 3 && upper(*(image + 1)) == "AS") {
      names_.insert(base::lower(*(image + 2)));
    }
    names_.insert(fmt::format("{}", stages_++));
  }

  void check_copy(const Instruction& instruction) const {
    for (const std::string& word : instruction.words) {
      if (word.starts_with("--from=")) {
        const std::string stage = word.substr(7);
        if (stage != from_ && !names_.contains(base::lower(stage))) {
          refuse(instruction,
                 fmt::format("'{}' is neither a stage of this Dockerfile nor '{}'", stage, from_),
                 "copy from a stage, or make it an input");
        }
      } else if (instruction.words[0] == "ADD" && word.find("://") != std::string::npos) {
        refuse(instruction, fmt::format("ADD takes '{}' from the network", word),
               "fetch it: declare it under fetch, and COPY it from inputs/");
      }
    }
  }

  std::shared_ptr<const document::Source> source_;
  std::string from_;
  std::set<std::string> names_;
  int stages_ = 0;
};

}  // namespace

void check_dockerfile(const std::string& text, const std::string& name, const std::string& from) {
  Checker checker(text, name, from);
  for (const Instruction& instruction : instructions(text)) {
    checker.check(instruction);
  }
  checker.check_end();
}

}  // namespace fresh::images
