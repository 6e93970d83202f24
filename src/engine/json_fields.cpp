#include "engine/json_fields.h"

#include "engine/engine_error.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace fresh::engine {
namespace {

using nlohmann::json;

[[noreturn]] void wrong_type(std::string_view path, const json& found, std::string_view expected) {
  throw EngineError(
      base::ExitCode::machine, Fault::failed, 200,
      fmt::format("the engine's answer has a {} as '{}', expected {}", found.type_name(), path, expected),
      "the engine may be of a version that fresh-clone does not know");
}

}  // namespace

const json& at(const json& object, std::string_view path) {
  static const json nothing;
  const json* here = &object;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto slash = std::min(path.find('/', begin), path.size());
    if (!here->is_object()) {
      return nothing;
    }
    const auto found = here->find(std::string(path.substr(begin, slash - begin)));
    if (found == here->end()) {
      return nothing;
    }
    here = &*found;
    begin = slash + 1;
  }
  return *here;
}

std::string text_at(const json& object, std::string_view path) {
  const auto& value = at(object, path);
  if (value.is_null()) {
    return {};
  }
  if (!value.is_string()) {
    wrong_type(path, value, "a string");
  }
  return value.get<std::string>();
}

std::string required_text_at(const json& object, std::string_view path) {
  auto text = text_at(object, path);
  if (text.empty()) {
    wrong_type(path, at(object, path), "a name or an id");
  }
  return text;
}

std::int64_t number_at(const json& object, std::string_view path) {
  const auto& value = at(object, path);
  if (value.is_null()) {
    return 0;
  }
  if (!value.is_number()) {
    wrong_type(path, value, "a number");
  }
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    if (!(number > -9.2e18 && number < 9.2e18)) {
      wrong_type(path, value, "a number of 64 bits");
    }
    return static_cast<std::int64_t>(number);
  }
  return value.get<std::int64_t>();
}

bool flag_at(const json& object, std::string_view path) {
  const auto& value = at(object, path);
  if (value.is_null()) {
    return false;
  }
  if (!value.is_boolean()) {
    wrong_type(path, value, "true or false");
  }
  return value.get<bool>();
}

std::vector<std::string> texts_at(const json& object, std::string_view path) {
  std::vector<std::string> result;
  for (const auto& value : list_at(object, path)) {
    if (!value.is_string()) {
      wrong_type(path, value, "strings");
    }
    result.push_back(value.get<std::string>());
  }
  return result;
}

std::map<std::string, std::string> map_at(const json& object, std::string_view path) {
  const auto& value = at(object, path);
  std::map<std::string, std::string> result;
  if (value.is_null()) {
    return result;
  }
  if (!value.is_object()) {
    wrong_type(path, value, "an object");
  }
  for (const auto& [key, member] : value.items()) {
    if (member.is_null()) {
      result[key];
    } else if (member.is_string()) {
      result[key] = member.get<std::string>();
    } else {
      wrong_type(path, member, "strings");
    }
  }
  return result;
}

std::vector<std::string> keys_at(const json& object, std::string_view path) {
  const auto& value = at(object, path);
  std::vector<std::string> result;
  if (value.is_null()) {
    return result;
  }
  if (!value.is_object()) {
    wrong_type(path, value, "an object");
  }
  for (const auto& [key, member] : value.items()) {
    result.push_back(key);
  }
  return result;
}

const json& list_at(const json& object, std::string_view path) {
  static const json empty = json::array();
  const auto& value = path.empty() ? object : at(object, path);
  if (value.is_null()) {
    return empty;
  }
  if (!value.is_array()) {
    wrong_type(path, value, "a list");
  }
  return value;
}

const json& answered_list(const json& answer) {
  if (!answer.is_array()) {
    throw EngineError(base::ExitCode::machine, Fault::failed, 200,
                      fmt::format("the engine's answer is a {}, expected a list", answer.type_name()),
                      "the engine may be of a version that fresh-clone does not know");
  }
  return answer;
}

void set_text(json& body, const char* key, const std::string& value) {
  if (!value.empty()) {
    body[key] = value;
  }
}

void set_list(json& body, const char* key, const std::vector<std::string>& value) {
  if (!value.empty()) {
    body[key] = value;
  }
}

void set_list(json& body, const char* key, const std::map<std::string, std::string>& value) {
  if (!value.empty()) {
    body[key] = value;
  }
}

json parse_json(std::string_view body, std::string_view what) {
  try {
    return json::parse(body);
  } catch (const json::parse_error& error) {
    throw EngineError(base::ExitCode::machine, Fault::cut, 200,
                      fmt::format("{} failed: the engine's answer is no JSON (byte {} of {})", what,
                                  error.byte, body.size()),
                      "look whether the engine was stopped, or whether something else listens on its socket");
  }
}

}  // namespace fresh::engine
