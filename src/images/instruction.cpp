#include "images/instruction.h"

#include <algorithm>
#include <sstream>

namespace fresh::images {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char byte) {
    return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
  });
  return text;
}

std::vector<Instruction> instructions(const std::string& text) {
  std::vector<Instruction> result;
  std::istringstream lines(text);
  std::string joined;
  int number = 0;
  int begun = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos || line[first] == '#' || line[first] == '\r') {
      continue;
    }
    begun = joined.empty() ? number : begun;
    const std::size_t last = line.find_last_not_of(" \t\r");
    const bool goes_on = line[last] == '\\';
    joined += line.substr(0, last + (goes_on ? 0 : 1)) + " ";
    if (goes_on) {
      continue;
    }
    Instruction instruction{.words = {}, .line = begun};
    std::istringstream words(joined);
    for (std::string word; words >> word;) {
      instruction.words.push_back(word);
    }
    instruction.words[0] = upper(instruction.words[0]);
    result.push_back(std::move(instruction));
    joined.clear();
  }
  return result;
}

}  // namespace fresh::images
