#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Values of command lines that are more than a word or a number.
namespace fresh::cli {

/// Seconds since 1970 of `text`: such a number, RFC 3339, or a duration before `now`. Throws base::Error
/// (usage) that names `flag`.
std::int64_t moment(const std::string& flag, const std::string& text, std::int64_t now);

/// Throws base::Error (usage) with the nearest of `known`, and all of them, when `word` is none.
void check_word(const std::string& flag, const std::string& word, const std::vector<std::string>& known);

/// `NAME=value`; a bare NAME takes its value from `variables`, as docker compose does, and falls away when it
/// has none.
std::map<std::string, std::string> assignments(const std::vector<std::string>& words,
                                               const std::map<std::string, std::string>& variables);

/// Nothing for a number below 0, which stands for a flag that was not given.
std::optional<std::chrono::seconds> seconds(int value);

/// `web=3`, each after `flag` in errors. Throws base::Error (usage).
std::map<std::string, int> scales(const std::vector<std::string>& words, const std::string& flag);

}  // namespace fresh::cli
