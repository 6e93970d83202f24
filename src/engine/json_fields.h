#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::engine {

/// Reading an engine's JSON: a missing or null field is empty, one of another type is EngineError(failed)
/// that names it. `path` is one key or several with '/' between.
const nlohmann::json& at(const nlohmann::json& object, std::string_view path);
std::string text_at(const nlohmann::json& object, std::string_view path);
std::int64_t number_at(const nlohmann::json& object, std::string_view path);
bool flag_at(const nlohmann::json& object, std::string_view path);
std::vector<std::string> texts_at(const nlohmann::json& object, std::string_view path);
std::map<std::string, std::string> map_at(const nlohmann::json& object, std::string_view path);
/// The same of a field that every answer has: without it, null or empty it is EngineError(failed) too.
std::string required_text_at(const nlohmann::json& object, std::string_view path);
/// The keys of an object, sorted.
std::vector<std::string> keys_at(const nlohmann::json& object, std::string_view path);
/// Members of an array, or nothing.
const nlohmann::json& list_at(const nlohmann::json& object, std::string_view path);
/// An answer that is a list itself: anything else, null too, is EngineError(failed), never an empty list.
const nlohmann::json& answered_list(const nlohmann::json& answer);

/// Writing a request's JSON: a key is set where its value is not empty.
void set_text(nlohmann::json& body, const char* key, const std::string& value);
void set_list(nlohmann::json& body, const char* key, const std::vector<std::string>& value);
void set_list(nlohmann::json& body, const char* key, const std::map<std::string, std::string>& value);

/// Parses an answer; EngineError(cut) with the place when it is no JSON, `what` names the request.
nlohmann::json parse_json(std::string_view body, std::string_view what);

}  // namespace fresh::engine
