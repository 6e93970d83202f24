#include "compose/shell_words.h"

namespace fresh::compose {

std::optional<std::vector<std::string>> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == '\'') {
      if (c == '\'') {
        quote = '\0';
      } else {
        word += c;
      }
    } else if (c == '\\') {
      if (i + 1 == text.size()) {
        return std::nullopt;
      }
      const char next = text[++i];
      if (quote == '"' && next != '"' && next != '\\' && next != '$' && next != '`' && next != '\n') {
        word += c;
      }
      if (next != '\n') {
        word += next;
        inside = true;
      }
    } else if (quote == '"') {
      if (c == '"') {
        quote = '\0';
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      inside = true;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (inside) {
        words.push_back(std::move(word));
        word.clear();
        inside = false;
      }
    } else {
      word += c;
      inside = true;
    }
  }
  if (quote != '\0') {
    return std::nullopt;
  }
  if (inside) {
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace fresh::compose
