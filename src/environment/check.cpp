#include "environment/check.h"

#include <algorithm>
#include <iterator>

namespace fresh::environment {

std::vector<Check> failed(const std::vector<Check>& checks) {
  std::vector<Check> result;
  std::copy_if(checks.begin(), checks.end(), std::back_inserter(result),
               [](const Check& check) { return !check.ok; });
  return result;
}

}  // namespace fresh::environment
