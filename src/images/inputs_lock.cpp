#include "images/inputs_lock.h"

#include "base/error.h"
#include "document/refuse.h"
#include "source/tar_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <string_view>

namespace fresh::images {
namespace {

constexpr std::string_view first_line = "# fresh-clone inputs lock v1";
constexpr std::string_view gap = "  ";
constexpr std::size_t hex_size = 64;

bool is_sha256(std::string_view text) {
  return text.size() == hex_size && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Refuses with the place of a column in a line of the lock.
class LineRefuser {
 public:
  LineRefuser(const std::string& text, const std::string& name)
      : source_(std::make_shared<document::Source>(document::Source{name, text})) {}

  [[noreturn]] void refuse(int line, std::size_t column, const std::string& message) const {
    document::refuse({source_, line, static_cast<int>(column) + 1}, message,
                     "write the lock anew: fresh-clone images lock", base::ExitCode::deploy);
  }

 private:
  std::shared_ptr<const document::Source> source_;
};

LockedInput parse_line(std::string_view line, int number, const LineRefuser& refuser) {
  const std::size_t size_at = hex_size + gap.size();
  if (!is_sha256(line.substr(0, hex_size)) ||
      line.substr(std::min(hex_size, line.size()), gap.size()) != gap) {
    refuser.refuse(number, 0, "expected a sha256 of 64 hex digits, then two spaces");
  }
  LockedInput input{.sha256 = std::string(line.substr(0, hex_size)), .size = 0, .path = {}, .origin = {}};
  const std::size_t size_end = std::min(line.find(gap, size_at), line.size());
  const auto [end, error] = std::from_chars(line.data() + size_at, line.data() + size_end, input.size);
  if (error != std::errc() || end != line.data() + size_end || input.size < 0 || size_end == line.size()) {
    refuser.refuse(number, size_at, "expected a size in bytes, then two spaces");
  }
  const std::size_t path_at = size_end + gap.size();
  const std::size_t path_end = std::min(line.find(gap, path_at), line.size());
  input.path = std::string(line.substr(path_at, path_end - path_at));
  std::string clean;
  try {
    clean = source::safe_path(input.path);
  } catch (const base::Error& error_of_path) {
    refuser.refuse(number, path_at, error_of_path.message());
  }
  if (clean.empty() || clean != input.path) {
    refuser.refuse(number, path_at, fmt::format("'{}' is no plain relative path", input.path));
  }
  if (path_end < line.size()) {
    input.origin = std::string(line.substr(path_end + gap.size()));
  }
  return input;
}

}  // namespace

std::string inputs_lock_text(std::vector<LockedInput> inputs) {
  std::sort(inputs.begin(), inputs.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  std::string text = fmt::format("{}\n", first_line);
  for (const LockedInput& input : inputs) {
    text += fmt::format("{}  {}  {}  {}\n", input.sha256, input.size, input.path, input.origin);
  }
  return text;
}

std::vector<LockedInput> parse_inputs_lock(const std::string& text, const std::string& name) {
  const LineRefuser refuser(text, name);
  std::map<std::string, LockedInput> by_path;
  std::string_view rest = text;
  for (int number = 1; !rest.empty() || number == 1; ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (number == 1) {
      if (line != first_line) {
        refuser.refuse(1, 0, fmt::format("expected the line '{}'", first_line));
      }
      continue;
    }
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    LockedInput input = parse_line(line, number, refuser);
    const std::string path = input.path;
    if (!by_path.try_emplace(path, std::move(input)).second) {
      refuser.refuse(number, 0, fmt::format("'{}' is locked twice", path));
    }
  }
  std::vector<LockedInput> inputs;
  inputs.reserve(by_path.size());
  for (auto& [path, input] : by_path) {
    inputs.push_back(std::move(input));
  }
  return inputs;
}

std::string InputsDifference::text() const {
  std::string lines;
  const auto add = [&](const char* what, const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      lines += fmt::format("{}{}: {}", lines.empty() ? "" : "\n", what, path);
    }
  };
  add("changed", changed);
  add("missing", missing);
  add("extra", extra);
  return lines;
}

InputsDifference compare_inputs(const std::vector<LockedInput>& locked,
                                const std::vector<LockedInput>& found) {
  InputsDifference difference;
  auto left = locked.begin();
  auto right = found.begin();
  while (left != locked.end() || right != found.end()) {
    if (right == found.end() || (left != locked.end() && left->path < right->path)) {
      difference.missing.push_back((left++)->path);
    } else if (left == locked.end() || right->path < left->path) {
      difference.extra.push_back((right++)->path);
    } else {
      if (left->sha256 != right->sha256 || left->size != right->size) {
        difference.changed.push_back(left->path);
      }
      ++left;
      ++right;
    }
  }
  return difference;
}

std::string origin_of(const std::string& path, const std::string& fetched_in) {
  const std::string file = path.substr(path.rfind('/') + 1);
  if (file.ends_with(".jar")) {
    // A jar is named ARTIFACT-VERSION.jar; a version begins with a digit.
    const std::string stem = file.substr(0, file.size() - 4);
    for (std::size_t dash = stem.find('-'); dash != std::string::npos; dash = stem.find('-', dash + 1)) {
      if (dash + 1 < stem.size() && stem[dash + 1] >= '0' && stem[dash + 1] <= '9') {
        return fmt::format("maven:{}:{}", stem.substr(0, dash), stem.substr(dash + 1));
      }
    }
  }
  // A wheel is named NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl (PEP 427), with '_' for '-'.
  const std::size_t dash = file.find('-');
  const std::size_t second = dash == std::string::npos ? dash : file.find('-', dash + 1);
  if (file.ends_with(".whl") && second != std::string::npos) {
    std::string name = file.substr(0, dash);
    std::replace(name.begin(), name.end(), '_', '-');
    std::transform(name.begin(), name.end(), name.begin(), [](char byte) {
      return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    });
    return fmt::format("pypi:{}=={}", name, file.substr(dash + 1, second - dash - 1));
  }
  return fetched_in;
}

}  // namespace fresh::images
