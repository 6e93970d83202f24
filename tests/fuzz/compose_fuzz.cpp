// A fuzz target for what reads compose files: the loader, interpolation, env files. Any input either loads or
// is refused with a base::Error; what loads is printed, and the print loads to the same print.

#include "base/error.h"
#include "compose/config.h"
#include "compose/env_file.h"
#include "compose/interpolate.h"
#include "compose/tree_text.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace fresh::compose;

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

void load_files(const std::string& text) {
  // A line of three signs divides the file from the one that is merged over it.
  const auto cut = text.find("\n%%%\n");
  const std::string first = text.substr(0, cut);
  const std::string second = cut == std::string::npos ? std::string() : text.substr(cut + 5);
  const LoadRequest request = request_of(first, second);
  const auto shown = shown_config(load_model(request), {}, Print::yaml);
  json_text(shown, Dollars::doubled);
  load(request);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  try {
    switch (data[0] % 4) {
      case 0: {
        std::vector<std::string> unset;
        substitute(text, variable, unset);
        break;
      }
      case 1:
        parse_env_file(text, "f.env", variable);
        parse_raw_env_file(text);
        break;
      default:
        load_files(text);
    }
  } catch (const fresh::base::Error&) {
  } catch (const InterpolationError&) {
  }
  return 0;
}
