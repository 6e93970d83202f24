#pragma once

#include "compose/interpolate.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {

/// One line of an env file; no value for a name that stands alone (it is inherited, or stays unset).
struct Variable {
  std::string name;
  std::optional<std::string> value;
};

/// Reads the env_file grammar (compose specification, `env_file` format): `NAME=value`, `NAME: value`,
/// `export`, comments, single quotes literal, double quotes with `\n \r \t \\ \"` and interpolation, values
/// over several lines in quotes. Interpolation asks `lookup` first, then earlier lines of the file. `name` is
/// the file in errors, which are base::Error (precheck) with line and column, and never show a value. Text
/// that is not UTF-8 is refused.
std::vector<Variable> parse_env_file(std::string_view text, const std::string& name, const Lookup& lookup);

/// The `format: raw` of env_file: each line up to its end is NAME=value, nothing is interpreted. Text
/// that is not UTF-8 is refused.
std::vector<Variable> parse_raw_env_file(std::string_view text, const std::string& name);

}  // namespace fresh::compose
