#include "compose/schema.h"
#include "compose/tree.h"
#include "compose/typed.h"

namespace fresh::compose {
namespace {

using document::Node;

bool says_nothing(const Node& node, Form form) {
  switch (form) {
    case Form::text:
      return node.scalar.empty();
    case Form::flag:
      return node.scalar == "false";
    case Form::whole:
    case Form::real:
    case Form::size:
    case Form::device_count:
      return node.scalar == "0";
    case Form::duration:
      return node.scalar == "0s";
    case Form::list:
    case Form::test:
    case Form::hosts:
    case Form::ssh:
      return node.items.empty();
    case Form::map:
    case Form::variables:
    case Form::pairs:
    case Form::labels:
    case Form::options:
    case Form::plain_object:
      return node.entries.empty();
    case Form::any:
    case Form::maybe_flag:
    case Form::maybe_whole:
    case Form::maybe_duration:
    case Form::words:
    case Form::object:
      return false;
  }
  return false;
}

void visit(Node& node, const Key& key, Print print);

void write_all(Node& node, const Object& object) {
  for (const auto& key : object.keys) {
    Node nothing = text_value(key.form == Form::text ? "" : "0", node.place);
    nothing.kind = key.form == Form::whole ? document::Kind::integer : document::Kind::text;
    set_default(node, key.name, std::move(nothing));
  }
}

void visit_object(Node& node, const Key& key, Print print, bool is_top) {
  for (auto& entry : node.entries) {
    if (const Key* known = child(&key, entry.key)) {
      visit(entry.value, *known, print);
    }
  }
  if (key.object->whole) {
    write_all(node, *key.object);
    return;
  }
  std::erase_if(node.entries, [&](const document::Entry& entry) {
    const Key* known = child(&key, entry.key);
    if (known == nullptr) {
      return print == Print::json && !is_top;  // extensions
    }
    return known->name != "services" && says_nothing(entry.value, known->form);
  });
}

void visit(Node& node, const Key& key, Print print) {
  for (auto& item : node.items) {
    if (key.item != nullptr) {
      visit(item, *key.item, print);
    }
  }
  if (key.object != nullptr) {
    visit_object(node, key, print, &key == &compose_file);
  } else if (key.form == Form::map) {
    for (auto& entry : node.entries) {
      visit(entry.value, *key.item, print);
    }
  }
}

Node nothing(const Node& at) {
  return Node{.place = at.place};
}

/// Go writes structures that are no pointers, and commands, into JSON even when they are empty.
void add_what_json_has(Node& root) {
  if (Node* services = root.find("services")) {
    for (auto& entry : services->entries) {
      Node& service = entry.value;
      set_default(service, "command", nothing(service));
      set_default(service, "entrypoint", nothing(service));
      if (Node* deploy = service.find("deploy")) {
        set_default(*deploy, "resources", map_value(deploy->place));
        set_default(*deploy, "placement", map_value(deploy->place));
      }
      for (const std::string_view hooks : {"post_start", "pre_stop", "pre_start"}) {
        if (Node* list = service.find(hooks)) {
          for (auto& hook : list->items) {
            set_default(hook, "command", nothing(hook));
          }
        }
      }
      Node* develop = service.find("develop");
      if (Node* watch = develop == nullptr ? nullptr : develop->find("watch")) {
        for (auto& trigger : watch->items) {
          set_default(trigger, "exec", map_value(trigger.place));
          set_default(*trigger.find("exec"), "command", nothing(trigger));
        }
      }
    }
  }
  if (Node* networks = root.find("networks")) {
    for (auto& entry : networks->entries) {
      set_default(entry.value, "ipam", map_value(entry.value.place));
    }
  }
}

/// Keys that docker compose 2.26 reads and does not print; neither has an effect here.
void leave_out_unprinted(Node& root) {
  if (Node* services = root.find("services")) {
    for (auto& service : services->entries) {
      if (Node* networks = service.value.find("networks")) {
        for (auto& endpoint : networks->entries) {
          erase(endpoint.value, "gw_priority");
        }
      }
    }
  }
  if (Node* networks = root.find("networks")) {
    for (auto& network : networks->entries) {
      if (Node* ipam = network.value.find("ipam")) {
        erase(*ipam, "options");
      }
    }
  }
}

}  // namespace

void leave_out_defaults(Node& root, Print print) {
  leave_out_unprinted(root);
  visit(root, compose_file, print);
  if (print == Print::json) {
    add_what_json_has(root);
  }
}

}  // namespace fresh::compose
