#include "images/dockerfile_use.h"

#include "base/lines.h"
#include "images/instruction.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>

namespace fresh::images {
namespace {

bool is_name_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` replaced; nothing where a variable is not set.
std::optional<std::string> expanded(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string result;
  for (auto dollar = text.find('$'); dollar != std::string_view::npos; dollar = text.find('$')) {
    result += text.substr(0, dollar);
    text.remove_prefix(dollar + 1);
    std::string_view inside;
    if (text.starts_with('{')) {
      const auto end = text.find('}');
      if (end == std::string_view::npos) {
        return std::nullopt;
      }
      inside = text.substr(1, end - 1);
      text.remove_prefix(end + 1);
    } else {
      const auto end = std::find_if_not(text.begin(), text.end(), is_name_part) - text.begin();
      inside = text.substr(0, static_cast<std::size_t>(end));
      text.remove_prefix(inside.size());
    }
    const auto length = static_cast<std::size_t>(
        std::find_if_not(inside.begin(), inside.end(), is_name_part) - inside.begin());
    const auto value = values.find(std::string(inside.substr(0, length)));
    const bool is_set = value != values.end() && !value->second.empty();
    const std::string_view rest = inside.substr(length);
    if (rest.starts_with(":+")) {
      result += is_set ? rest.substr(2) : std::string_view();
    } else if (is_set) {
      result += value->second;
    } else if (rest.starts_with(":-")) {
      result += rest.substr(2);
    } else {
      return std::nullopt;
    }
  }
  return result.append(text);
}

std::string unquoted(std::string text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

class Reader {
 public:
  explicit Reader(const std::map<std::string, std::string>& arguments) : given_(arguments) {}

  void read(const Instruction& instruction) {
    const auto& verb = instruction.words[0];
    if (verb == "ARG" && stages_ == 0) {
      argument(instruction);
    } else if (verb == "FROM") {
      from(instruction);
    } else if (verb == "HEALTHCHECK") {
      use_.has_healthcheck = true;
    } else if (verb == "COPY" || verb == "ADD") {
      for (const auto& word : instruction.words) {
        if (word.starts_with("--from=")) {
          image(word.substr(7), instruction.line);
        }
      }
    } else if (verb == "RUN") {
      for (auto word = instruction.words.begin() + 1;
           word != instruction.words.end() && word->starts_with("--"); ++word) {
        if (word->starts_with("--mount=")) {
          mount(word->substr(8), instruction.line);
        }
      }
    }
  }

  DockerfileUse take() { return std::move(use_); }

 private:
  void argument(const Instruction& instruction) {
    for (auto word = instruction.words.begin() + 1; word != instruction.words.end(); ++word) {
      const auto equals = word->find('=');
      const std::string name = word->substr(0, equals);
      if (const auto given = given_.find(name); given != given_.end()) {
        values_[name] = given->second;
      } else if (equals != std::string::npos) {
        values_[name] = expanded(unquoted(word->substr(equals + 1)), values_).value_or("");
      }
    }
  }

  void from(const Instruction& instruction) {
    const auto& words = instruction.words;
    const auto name = std::find_if(words.begin() + 1, words.end(),
                                   [](const std::string& word) { return !word.starts_with("--"); });
    if (name != words.end()) {
      image(*name, instruction.line);
      if (words.end() - name >= 3 && upper(*(name + 1)) == "AS") {
        names_.insert(base::lower(*(name + 2)));
      }
    }
    names_.insert(std::to_string(stages_++));
  }

  void mount(const std::string& options, int line) {
    std::map<std::string, std::string> values;
    std::istringstream words(options);
    for (std::string word; std::getline(words, word, ',');) {
      const auto equals = word.find('=');
      values[word.substr(0, equals)] = equals == std::string::npos ? "" : word.substr(equals + 1);
    }
    if (values["type"] == "secret") {
      const std::string target = values["target"];
      add(use_.secrets, values["id"].empty() ? target.substr(target.rfind('/') + 1) : values["id"], line);
    } else if (values["type"] == "ssh") {
      add(use_.ssh, values["id"].empty() ? "default" : values["id"], line);
    } else if (!values["from"].empty()) {
      image(values["from"], line);
    }
  }

  void image(const std::string& written, int line) {
    const auto name = expanded(unquoted(written), values_);
    if (name && !name->empty() && *name != "scratch" && !names_.contains(base::lower(*name))) {
      add(use_.images, *name, line);
    }
  }

  static void add(std::vector<OutsideUse>& uses, const std::string& name, int line) {
    if (std::none_of(uses.begin(), uses.end(), [&](const OutsideUse& one) { return one.name == name; })) {
      uses.push_back({name, line});
    }
  }

  const std::map<std::string, std::string>& given_;
  std::map<std::string, std::string> values_;
  std::set<std::string> names_;
  int stages_ = 0;
  DockerfileUse use_;
};

}  // namespace

DockerfileUse dockerfile_use(const std::string& text, const std::map<std::string, std::string>& arguments) {
  Reader reader(arguments);
  for (const auto& instruction : instructions(text)) {
    reader.read(instruction);
  }
  return reader.take();
}

}  // namespace fresh::images
