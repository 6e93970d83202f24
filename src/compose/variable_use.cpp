#include "compose/config.h"
#include "compose/interpolate.h"

namespace fresh::compose {
namespace {

using document::Node;

void add(std::string_view text, std::map<std::string, VariableUse>& uses) {
  for (const auto& expression : expressions_of(text)) {
    VariableUse& use = uses[std::string(expression.name)];
    std::string_view rest = expression.rest;
    rest.remove_prefix(rest.starts_with(':') ? 1 : 0);
    if (rest.empty()) {
      continue;
    }
    const std::string_view value = rest.substr(1);
    use.required = use.required || rest[0] == '?';
    if (rest[0] == '-') {
      use.fallback = value;
    } else if (rest[0] == '+') {
      use.alternative = value;
    }
    add(value, uses);
  }
}

void visit(const Node& node, std::map<std::string, VariableUse>& uses) {
  if (node.kind == document::Kind::text) {
    add(node.scalar, uses);
  }
  for (const auto& item : node.items) {
    visit(item, uses);
  }
  for (const auto& entry : node.entries) {
    visit(entry.value, uses);
  }
}

}  // namespace

std::map<std::string, VariableUse> variables_of(const Node& untyped) {
  std::map<std::string, VariableUse> uses;
  visit(untyped, uses);
  return uses;
}

}  // namespace fresh::compose
