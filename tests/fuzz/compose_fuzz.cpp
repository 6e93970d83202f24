// A fuzz target for what reads compose files: the loader, interpolation, env files. Any input either loads or
// is refused with a base::Error; what loads is printed as YAML and JSON, and both are read as the tree that
// was printed. The print is loaded as a project too: it loads or is refused. That it prints the same again is
// not asked for: docker compose leaves out what is empty, and so an empty name or context gets its default
// then.

#include "base/error.h"
#include "compose/config.h"
#include "compose/env_file.h"
#include "compose/interpolate.h"
#include "compose/tree_text.h"
#include "document/load_yaml.h"
#include "document/scalar.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace fresh::compose;
using fresh::document::Kind;
using fresh::document::Node;

std::optional<std::string> variable(std::string_view name) {
  return name.size() % 2 == 0 ? std::optional(std::string("v$x")) : std::nullopt;
}

LoadRequest request_of(const std::string& text, const std::string& over) {
  LoadRequest request{.files = {"/p/compose.yaml"}, .environment = {{"HOME", "/h"}}, .shown_below = "/p"};
  request.may_be_empty = true;
  if (!over.empty()) {
    request.files.emplace_back("/p/over.yaml");
  }
  request.read = [&text, &over](const std::filesystem::path& file) -> std::optional<std::string> {
    if (file == "/p/compose.yaml") {
      return text;
    }
    return file == "/p/over.yaml"       ? over
           : file.extension() == ".env" ? "A=1\nB=${A}"
                                        : std::optional<std::string>();
  };
  return request;
}

bool is_number(const Node& node) {
  return node.kind == Kind::integer || node.kind == Kind::real;
}

/// `1e3` is printed as `1000`; what is no finite number is text in JSON.
bool same_value(const Node& a, const Node& b) {
  if (is_number(a) && is_number(b)) {
    return a.scalar == b.scalar || a.real() == b.real();
  }
  if (b.kind == Kind::time) {  // text in JSON
    return a.scalar == (a.kind == Kind::time ? b.scalar : fresh::document::rfc3339(b.scalar));
  }
  if (a.is_scalar() && b.is_scalar()) {
    return (a.kind == b.kind || b.kind == Kind::real) && (a.is_null() || a.scalar == b.scalar);
  }
  return a.kind == b.kind && a.entries.size() == b.entries.size() &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same_value) &&
         std::all_of(a.entries.begin(), a.entries.end(), [&](const auto& entry) {
           const Node* other = b.find(entry.key);
           return other != nullptr && same_value(entry.value, *other);
         });
}

/// What is read from a print is what was printed.
void check_text(const std::string& print, const Node& tree) {
  // A range of ports may become more values than a document may have.
  constexpr std::size_t longest = 500'000;
  if (print.size() > longest) {
    return;
  }
  bool same = false;
  try {
    const auto read = fresh::document::load_yaml_documents(print, "print", fresh::document::Dialect::go);
    same = read.size() == 1 && same_value(read[0], tree);
  } catch (const fresh::base::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  if (!same) {
    std::fprintf(stderr, "this print is not read as what was printed:\n%s\n", print.c_str());
    std::abort();
  }
}

void load_files(const std::string& text) {
  // A line of three signs divides the file from the one that is merged over it.
  const auto cut = text.find("\n%%%\n");
  const std::string first = text.substr(0, cut);
  const std::string second = cut == std::string::npos ? std::string() : text.substr(cut + 5);
  const LoadRequest request = request_of(first, second);
  const auto shown = shown_config(load_model(request), {}, Print::yaml);
  check_text(yaml_text(shown), shown);
  check_text(json_text(shown), shown);
  load(request);
  load_model(request_of(yaml_text(shown, Dollars::doubled), {}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Two bytes that no compose file begins with lead to the smaller readers.
  const char first = size == 0 ? '\0' : static_cast<char>(data[0]);
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    if (first == '\x01') {
      std::vector<std::string> unset;
      substitute(text.substr(1), variable, unset);
    } else if (first == '\x02') {
      parse_env_file(text.substr(1), "f.env", variable);
      parse_raw_env_file(text.substr(1), "fuzz.env");
    } else {
      load_files(text);
    }
  } catch (const fresh::base::Error&) {
  } catch (const InterpolationError&) {
  }
  return 0;
}
