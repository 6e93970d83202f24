#pragma once

#include <string>
#include <vector>

namespace fresh::images {

/// One instruction of a Dockerfile.
struct Instruction {
  std::vector<std::string> words;  ///< the first in capitals
  int line = 0;
};

/// The instructions of a Dockerfile (Dockerfile reference), with continued lines joined and comments left
/// out.
std::vector<Instruction> instructions(const std::string& text);

/// Instructions and `AS` do not depend on the case of ASCII letters.
std::string upper(std::string text);

}  // namespace fresh::images
