#include "environment/marker.h"

#include "base/error.h"
#include "environment/version.h"

#include <fmt/core.h>

#include <array>
#include <compare>
#include <vector>

namespace fresh::environment {
namespace {

struct Token {
  enum class Kind { word, text, sign, end } kind = Kind::end;
  std::string text = {};
};

[[noreturn]] void refuse_marker(std::string_view marker, std::string_view why) {
  throw base::Error(base::ExitCode::precheck, fmt::format("the marker '{}' cannot be read: {}", marker, why),
                    "make the lock anew with the tool that wrote it");
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

std::vector<Token> tokens(std::string_view marker) {
  std::vector<Token> result;
  for (std::size_t at = 0; at < marker.size();) {
    const char c = marker[at];
    std::size_t end = at + 1;
    if (c == ' ' || c == '\t') {
      at = end;
      continue;
    }
    if (c == '\'' || c == '"') {
      end = marker.find(c, at + 1);
      if (end == std::string_view::npos) {
        refuse_marker(marker, "a quote is not closed");
      }
      result.push_back({Token::Kind::text, std::string(marker.substr(at + 1, end - at - 1))});
      at = end + 1;
      continue;
    }
    const bool word = is_word(c);
    constexpr std::string_view signs = "<>=!~";
    if (!word && c != '(' && c != ')' && signs.find(c) == std::string_view::npos) {
      refuse_marker(marker, fmt::format("'{}' is not expected", c));
    }
    while (end < marker.size() && c != '(' && c != ')' &&
           (word ? is_word(marker[end]) : signs.find(marker[end]) != std::string_view::npos)) {
      ++end;
    }
    result.push_back(
        {word ? Token::Kind::word : Token::Kind::sign, std::string(marker.substr(at, end - at))});
    at = end;
  }
  result.push_back({});
  return result;
}

/// `~= 3.8` holds from 3.8 on, below 4.
bool is_compatible(std::string_view found, std::string_view wanted) {
  const auto last_dot = wanted.rfind('.');
  const std::string prefix(wanted.substr(0, last_dot == std::string_view::npos ? 0 : last_dot + 1));
  return compare_versions(found, wanted) >= 0 && found.substr(0, prefix.size()) == prefix;
}

/// `3.8.*` stands for all that begin with `3.8.`, and 3.8 itself.
bool matches_wildcard(std::string_view found, std::string_view wanted) {
  const std::string_view stem = wanted.substr(0, wanted.size() - 2);
  return found == stem || found.substr(0, stem.size() + 1) == std::string(stem) + ".";
}

class Reader {
 public:
  Reader(std::string_view marker, const std::map<std::string, std::string>& values)
      : marker_(marker), values_(values), tokens_(tokens(marker)) {}

  bool whole() {
    const bool holds = any();
    if (tokens_[at_].kind != Token::Kind::end) {
      refuse_marker(marker_, fmt::format("'{}' is not expected", tokens_[at_].text));
    }
    return holds;
  }

 private:
  bool accept(Token::Kind kind, std::string_view text) {
    const bool is = tokens_[at_].kind == kind && tokens_[at_].text == text;
    at_ += is ? 1 : 0;
    return is;
  }

  bool any() {
    bool holds = all();
    while (accept(Token::Kind::word, "or")) {
      const bool right = all();
      holds = holds || right;
    }
    return holds;
  }

  bool all() {
    bool holds = one();
    while (accept(Token::Kind::word, "and")) {
      const bool right = one();
      holds = holds && right;
    }
    return holds;
  }

  bool one() {
    constexpr int deepest = 50;
    if (accept(Token::Kind::sign, "(")) {
      if (++depth_ > deepest) {
        refuse_marker(marker_, "too many brackets");
      }
      const bool holds = any();
      if (!accept(Token::Kind::sign, ")")) {
        refuse_marker(marker_, "a bracket is not closed");
      }
      --depth_;
      return holds;
    }
    bool versions = false;
    const std::string left = value(versions);
    if (tokens_[at_].kind == Token::Kind::end) {
      refuse_marker(marker_, "it ends too early");
    }
    std::string operation = tokens_[at_++].text;
    if (operation == "not" && accept(Token::Kind::word, "in")) {
      operation = "not in";
    }
    const std::string right = value(versions);
    return compare(left, operation, right, versions && is_version(left) && is_version(right));
  }

  std::string value(bool& versions) {
    const Token& token = tokens_[at_];
    if (token.kind == Token::Kind::text) {
      ++at_;
      return token.text;
    }
    const auto found = values_.find(token.text);
    if (token.kind != Token::Kind::word || found == values_.end()) {
      refuse_marker(marker_, token.kind == Token::Kind::end ? "it ends too early"
                                                            : fmt::format("'{}' is not known", token.text));
    }
    ++at_;
    versions = versions || token.text == "python_version" || token.text == "python_full_version" ||
               token.text == "implementation_version";
    return found->second;
  }

  bool compare(const std::string& left, const std::string& operation, const std::string& right,
               bool versions) const {
    if (operation == "in" || operation == "not in") {
      return (right.find(left) != std::string::npos) == (operation == "in");
    }
    if (versions && operation == "~=") {
      return is_compatible(left, right);
    }
    if (versions && right.size() > 2 && right.substr(right.size() - 2) == ".*" &&
        (operation == "==" || operation == "!=")) {
      return matches_wildcard(left, right) == (operation == "==");
    }
    const std::weak_ordering order =
        versions ? compare_versions(left, right) : std::weak_ordering(left <=> right);
    constexpr std::array<std::string_view, 3> below{"<", "<=", "!="};
    constexpr std::array<std::string_view, 4> equal{"==", "===", "<=", ">="};
    constexpr std::array<std::string_view, 3> above{">", ">=", "!="};
    const auto contains = [&](const auto& list) {
      for (const auto& word : list) {
        if (word == operation) {
          return true;
        }
      }
      return false;
    };
    if (!contains(below) && !contains(equal) && !contains(above)) {
      refuse_marker(marker_, fmt::format("'{}' is no comparison", operation));
    }
    return order < 0 ? contains(below) : order > 0 ? contains(above) : contains(equal);
  }

  std::string_view marker_;
  const std::map<std::string, std::string>& values_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

bool marker_holds(std::string_view marker, const std::map<std::string, std::string>& values) {
  return marker.empty() || Reader(marker, values).whole();
}

}  // namespace fresh::environment
