#include "determinism/tokens.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

namespace fresh::determinism {
namespace {

using Names = std::map<std::string, std::string, std::less<>>;

const std::string& name_of(std::string_view token, char sign, Names& names) {
  const auto found = names.find(token);
  if (found != names.end()) {
    return found->second;
  }
  return names.emplace(token, fmt::format("{}{}", sign, names.size() + 1)).first->second;
}

/// Counts how far `text` has opened `<` without closing it; `->`, `=>` and `>=` are no brackets.
int open_brackets(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<' || text.substr(i).starts_with("&lt;")) {
      ++depth;
    } else if (text.substr(i).starts_with("&gt;") || text[i] == '>') {
      const bool arrow = i > 0 && (text[i - 1] == '-' || text[i - 1] == '=');
      depth -= arrow || depth == 0 ? 0 : 1;
    }
  }
  return depth;
}

/// True where what stands before an address on its line says that it is one.
bool announces_address(std::string_view before) {
  const auto line = before.rfind('\n');
  before = line == std::string_view::npos ? before : before.substr(line + 1);
  if (before == "Thread " || before == "Current thread ") {
    return true;
  }
  if (before.ends_with("id=")) {
    const std::string_view word = before.substr(0, before.size() - 3);
    return word.empty() || (std::isalnum(static_cast<unsigned char>(word.back())) == 0 && word.back() != '_');
  }
  return before.ends_with(" at ") && open_brackets(before) > 0;
}

const RE2& address_pattern() {
  static const RE2 pattern(R"((?i)\b(0x[0-9a-f]{6,16})\b)");
  return pattern;
}

const RE2& declared_id_pattern() {
  static const RE2 pattern(
      R"re((?:(?:^|[\s"'(<])(?:id|for)\s*=\s*\\?["']?|href\s*=\s*\\?["']?#|"(?:root_id|docid)":")[A-Za-z_.-]*?)re"
      R"re((T_[0-9a-f]{5}|[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{8,32}))re"
      R"re((?:[^0-9A-Za-z]|$))re");
  return pattern;
}

/// A word such as `facade` or a number such as `12345678` may be an id that somebody chose.
bool looks_generated(std::string_view token) {
  if (token.starts_with("T_")) {
    return true;
  }
  const bool digit = token.find_first_of("0123456789") != std::string_view::npos;
  return digit && token.find_first_of("abcdef") != std::string_view::npos;
}

std::size_t replace_all(std::string& text, std::string_view from, std::string_view to) {
  std::size_t hits = 0;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
    ++hits;
  }
  return hits;
}

std::string rewrite(std::string_view text, const RE2& pattern, std::string_view with, std::string_view rule,
                    Ledger& ledger) {
  std::string out(text);
  const int hits = RE2::GlobalReplace(&out, pattern, re2::StringPiece(with.data(), with.size()));
  if (hits > 0) {
    ledger[std::string(rule)] += static_cast<std::size_t>(hits);
  }
  return out;
}

}  // namespace

std::string Tokens::addresses(std::string_view text) {
  std::string out;
  re2::StringPiece rest(text.data(), text.size());
  re2::StringPiece token;
  const char* copied = text.data();
  while (RE2::FindAndConsume(&rest, address_pattern(), &token)) {
    const std::string_view before(text.data(), static_cast<std::size_t>(token.data() - text.data()));
    if (!announces_address(before)) {
      continue;
    }
    out.append(copied, token.data());
    out += name_of({token.data(), token.size()}, '@', addresses_);
    copied = token.data() + token.size();
    ++ledger_["T1"];
  }
  return out.append(copied, text.data() + text.size());
}

std::string Tokens::generated_ids(std::string_view text) {
  std::set<std::string> declared;
  re2::StringPiece rest(text.data(), text.size());
  re2::StringPiece token;
  std::vector<std::string> in_order;
  while (RE2::FindAndConsume(&rest, declared_id_pattern(), &token)) {
    const std::string id(token.data(), token.size());
    if (looks_generated(id) && declared.insert(id).second) {
      in_order.push_back(id);
    }
  }
  std::string out(text);
  for (const std::string& id : in_order) {
    name_of(id, '#', generated_);
  }
  // A longer id may contain a shorter one.
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (const std::string& id : in_order) {
    ledger_["T2"] += replace_all(out, id, name_of(id, '#', generated_));
  }
  return out;
}

std::string Tokens::protocol_id(const std::string& id) {
  const auto found = protocol_.find(id);
  if (found != protocol_.end()) {
    return found->second;
  }
  ++ledger_["S4"];
  return protocol_.emplace(id, fmt::format("id:{}", protocol_.size() + 1)).first->second;
}

std::string Tokens::progress_bars(std::string_view text) {
  static const RE2 bar(
      R"((\b\d+(?:\.\d+)?[kMGTP]?(?:/\d+(?:\.\d+)?[kMGTP]?|\S{1,12})) \[[\d:?]+(?:<[\d:?]+)?, [^\]\n]*\])");
  return rewrite(text, bar, R"(\1 [<timing>])", "T4", ledger_);
}

std::string Tokens::timings(std::string_view text) {
  static const RE2 slow_part(R"((?m)^(?:Compiler|Parser) *: [\d.]+ \S+\n)");
  static const RE2 line(
      R"((?m)^(?:CPU times: .*|Wall time: .*|The slowest run took .*|[\d.]+ \S+ ± [\d.]+ \S+ per loop .*|\d+ loops?, best of \d+: .* per loop)$)");
  return rewrite(rewrite(text, slow_part, "", "T3", ledger_), line, "<timing>", "T3", ledger_);
}

bool uses_timing_magic(std::string_view source) {
  static const RE2 magic(R"((?m)(?:^|=)\s*%%?(?:time|timeit|prun)\b)");
  return RE2::PartialMatch(re2::StringPiece(source.data(), source.size()), magic);
}

}  // namespace fresh::determinism
