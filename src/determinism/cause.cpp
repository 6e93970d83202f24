#include "determinism/cause.h"

#include "determinism/text_difference.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace fresh::determinism {
namespace {

bool matches(std::string_view text, const RE2& pattern) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

std::vector<std::string> words_of(std::string_view text) {
  static const RE2 word(R"(([^\s,;:()\[\]{}<>"'|]+))");
  std::vector<std::string> words;
  re2::StringPiece rest(text.data(), text.size());
  std::string found;
  while (RE2::FindAndConsume(&rest, word, &found)) {
    words.push_back(found);
  }
  return words;
}

/// The words of two lines that differ, position by position; nothing when the lines have not the same number
/// of words.
std::vector<std::pair<std::string, std::string>> differing_words(std::string_view a, std::string_view b) {
  const auto left = words_of(a);
  const auto right = words_of(b);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t i = 0; left.size() == right.size() && i < left.size(); ++i) {
    if (left[i] != right[i]) {
      pairs.emplace_back(left[i], right[i]);
    }
  }
  return pairs;
}

bool nearly_equal_number(const std::pair<std::string, std::string>& words) {
  char* end_a = nullptr;
  char* end_b = nullptr;
  const double a = std::strtod(words.first.c_str(), &end_a);
  const double b = std::strtod(words.second.c_str(), &end_b);
  const bool numbers = *end_a == '\0' && *end_b == '\0';
  return numbers && words.first.find('.') != std::string::npos &&
         std::abs(a - b) <= 1e-6 * std::max(std::abs(a), std::abs(b));
}

bool same_words_in_other_order(std::string_view a, std::string_view b) {
  auto left = words_of(a);
  auto right = words_of(b);
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  return left.size() > 1 && left == right;
}

}  // namespace

Cause guess_cause(std::string_view baseline_text, std::string_view current_text,
                  std::string_view cell_source) {
  static const RE2 uuid(R"((?i)\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b)");
  static const RE2 address(R"(0x[0-9a-fA-F]{6,16})");
  static const RE2 temp_path(R"(/tmp/|tmp[a-z0-9_]{8}\b)");
  static const RE2 date(R"(\d{4}-\d\d-\d\d|\b\d\d:\d\d:\d\d|\b1[6-9]\d{8}(\.\d+)?\b)");
  static const RE2 pid_source(R"(\bgetpid\b|\bgetppid\b|\bget_ident\b|\bpid\b)");
  static const RE2 uuid_source(R"(\buuid\d?\b|\btoken_hex\b|\bsecrets\.)");
  static const RE2 random_source(
      R"(random|\bsample\(|shuffle|randint|\bchoice|train_test_split|KMeans|\brng\b|spring_layout)");
  static const RE2 clock_source(R"(\btime\.|perf_counter|monotonic|datetime|\.now\(|\.today\(|strftime)");
  static const RE2 set_source(R"(\bset\(|\bfrozenset\(|\bhash\(|\{[^:{}]+,)");

  Cause random{"unseeded RNG", "rng = np.random.default_rng(SEED), or random_state=SEED"};
  Cause clock{"wall clock", "do not print times; for dates use os.environ['SOURCE_DATE_EPOCH']"};
  Cause id{"uuid", "uuid.uuid5(uuid.NAMESPACE_URL, name) gives the same id each time"};
  Cause pid{"pid", "do not print process or thread ids"};
  Cause order{"hash order", "sorted(...) before printing or iterating"};

  const auto difference = first_difference(baseline_text, current_text);
  if (difference) {
    const std::string both = difference->baseline + "\n" + difference->current;
    const auto words = differing_words(difference->baseline, difference->current);
    if (!words.empty() && std::all_of(words.begin(), words.end(), nearly_equal_number)) {
      return {"float", "round before printing, e.g. round(x, 6), and keep thread counts at 1"};
    }
    if (same_words_in_other_order(difference->baseline, difference->current)) {
      return order;
    }
    if (matches(both, uuid)) {
      return id;
    }
    if (matches(both, address)) {
      return {"address in data", "print a name or a value instead of the object's repr or id()"};
    }
    if (matches(both, temp_path)) {
      return {"temp path", "print the file's name, not its temporary folder"};
    }
    if (matches(both, date)) {
      return clock;
    }
  }
  if (matches(cell_source, pid_source)) {
    return pid;
  }
  if (matches(cell_source, uuid_source)) {
    return id;
  }
  if (matches(cell_source, random_source)) {
    return random;
  }
  if (matches(cell_source, clock_source)) {
    return clock;
  }
  return matches(cell_source, set_source) ? order : Cause{};
}

}  // namespace fresh::determinism
