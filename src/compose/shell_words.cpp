#include "compose/shell_words.h"

namespace fresh::compose {
namespace {

class Splitter {
 public:
  /// False when the command ends at this character.
  bool take(char c) {
    if (escaped_) {
      word_ += c;
      escaped_ = false;
      inside_ = true;
      return true;
    }
    if (c == '\\' && quote_ != '\'') {
      escaped_ = true;
      return true;
    }
    if ((c == ' ' || c == '\t' || c == '\n' || c == '\r') && quote_ == '\0') {
      end_word();
      return true;
    }
    return c == '"' || c == '\'' || c == '`' ? take_quote(c) : take_plain(c);
  }

  std::optional<std::vector<std::string>> finish() {
    end_word();
    return quote_ != '\0' || escaped_ || broken_ ? std::nullopt : std::optional(std::move(words_));
  }

 private:
  void end_word() {
    if (inside_) {
      words_.push_back(std::move(word_));
      word_.clear();
      inside_ = false;
    }
  }

  bool take_quote(char c) {
    if (quote_ == '\0' || quote_ == c) {
      quote_ = quote_ == c ? '\0' : c;
      inside_ = true;
      word_ += c == '`' ? "`" : "";
    } else {
      word_ += c;
    }
    return true;
  }

  bool take_plain(char c) {
    if (quote_ == '\0') {
      switch (c) {
        case '(':
          if (!word_.ends_with('$')) {
            broken_ = true;
            return false;
          }
          quote_ = ')';
          break;
        case ';':
        case '&':
        case '|':
        case '<':
        case '>':
          if (c == '>' && !word_.empty() && word_[0] >= '0' && word_[0] <= '9') {
            inside_ = false;  // the number of a stream
          }
          return false;
        case ')':
          broken_ = true;
          return false;
        default:
          break;
      }
    } else if (c == ')' && quote_ == ')') {
      quote_ = '\0';
    }
    word_ += c;
    inside_ = true;
    return true;
  }

  std::vector<std::string> words_;
  std::string word_;
  char quote_ = '\0';
  bool inside_ = false;
  bool escaped_ = false;
  bool broken_ = false;
};

}  // namespace

std::optional<std::vector<std::string>> split_words(std::string_view text) {
  Splitter splitter;
  for (const char c : text) {
    if (!splitter.take(c)) {
      break;
    }
  }
  return splitter.finish();
}

}  // namespace fresh::compose
