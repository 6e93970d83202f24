#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace fresh::cli {

/// What a row has: the name of a field in templates, and its heading above a table.
struct Column {
  std::string field;
  std::string heading;
};

/// The words of `--format` that are no template.
inline constexpr std::string_view table_word = "table";
inline constexpr std::string_view json_word = "json";

/// The part of Go's templates (text/template) that people write after `--format`: fields, `json`, and
/// `.Label "name"`; with `table` in front columns below headings, as docker's formatter has them.
class RowTemplate {
 public:
  /// `text` as it was given, with `\t` and `\n` for a tab and an end of line. Throws base::Error (usage) that
  /// names the nearest field, or what is supported.
  RowTemplate(std::string_view text, std::vector<Column> columns);

  /// One line each; `rows` are objects with these columns. A field that is `Labels` holds an object.
  std::string text_of(const std::vector<nlohmann::ordered_json>& rows) const;

 private:
  enum class Kind { literal, field, row_as_json, field_as_json, label };
  struct Piece {
    Kind kind = Kind::literal;
    std::string text;   ///< a literal, or the name of a label
    std::string field;  ///< of the row
  };

  void read_action(std::string_view action);
  void read_field(const std::string& word, Kind kind);
  void require_column(const std::string& field) const;
  std::string known() const;
  std::string line_of(const nlohmann::ordered_json& row) const;
  std::string heading() const;

  std::vector<Column> columns_;
  std::vector<Piece> pieces_;
  bool is_table_ = false;
};

/// Whether `format` is a template, and neither empty nor `table` nor `json`. Throws base::Error (usage) for a
/// word that is none of all these.
bool is_template(const std::string& format);

}  // namespace fresh::cli
