#include "compose/read_hooks.h"

#include "compose/shell_words.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

namespace fresh::compose {
namespace {

using document::Fields;
using document::Node;

std::vector<std::string> command_of(Fields& fields) {
  const Node& node = fields.require("command");
  if (node.is_list()) {
    return fields.texts("command");
  }
  const auto words = split_words(node.text());
  if (!words || words->empty()) {
    document::refuse(node.place, "the command of a hook is empty or has an open quote",
                     "write it as a list: [sh, -c, '...']");
  }
  return *words;
}

engine::ExecRequest read_hook(const Node& node, const std::string& key) {
  Fields fields(node, key);
  engine::ExecRequest request;
  request.command = command_of(fields);
  request.user = fields.text("user", "");
  request.working_dir = fields.text("working_dir", "");
  request.privileged = fields.boolean("privileged", false);
  if (const Node* environment = fields.find("environment");
      environment != nullptr && !environment->is_null()) {
    for (const auto& entry : key_value_map(*environment, key + ".environment").entries) {
      request.environment[entry.key] = entry.value.is_null() ? std::string() : entry.value.text();
    }
  }
  fields.finish();
  return request;
}

}  // namespace

std::vector<engine::ExecRequest> read_hooks(Fields& fields, const std::string& key) {
  std::vector<engine::ExecRequest> hooks;
  const Node* list = fields.find(key);
  if (list == nullptr || list->is_null()) {
    return hooks;
  }
  if (!list->is_list()) {
    document::refuse(list->place, fmt::format("'{}' takes a list", key),
                     "begin each hook with '- command: ...'");
  }
  for (const auto& item : list->items) {
    hooks.push_back(read_hook(item, key));
  }
  return hooks;
}

}  // namespace fresh::compose
