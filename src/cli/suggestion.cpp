#include "cli/suggestion.h"

#include "document/refuse.h"

#include <cctype>

namespace fresh::cli {
namespace {

bool is_negative_number(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && std::isdigit(static_cast<unsigned char>(word[1])) != 0;
}

}  // namespace

std::string suggestion(const std::vector<std::string>& unknown, const std::vector<std::string>& known,
                       const std::string& verb) {
  for (const auto& word : unknown) {
    const std::string near =
        is_negative_number(word) ? "" : document::nearest(word.substr(0, word.find('=')), known);
    if (!near.empty()) {
      return "did you mean '" + near + "'?";
    }
  }
  return verb.empty() ? "see 'fresh-clone --help'" : "see 'fresh-clone " + verb + " --help'";
}

}  // namespace fresh::cli
