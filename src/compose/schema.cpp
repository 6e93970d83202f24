#include "compose/schema.h"

#include "compose/schema_keys.h"

namespace fresh::compose {

using namespace std::string_view_literals;
using namespace keys;  // NOLINT(google-build-using-namespace): the tables are written in its words

namespace {

constexpr std::array external_keys{text("name")};
constexpr Object external_object{.keys = external_keys};
constexpr Key external = cast(Key{
    .name = "external", .form = Form::flag, .accepts = flag_kinds | kinds::map, .object = &external_object});

constexpr Key aux_address = text("");
constexpr std::array pool_keys{map("aux_addresses", aux_address), text("gateway"), text("ip_range"),
                               text("subnet")};
constexpr Object pool_object{.keys = pool_keys};
constexpr Key pool = object("", pool_object);
constexpr std::array ipam_keys{merged(list("config", pool), Merge::subnets), text("driver"),
                               options("options", kinds::text)};
constexpr Object ipam_object{.keys = ipam_keys};

constexpr std::array network_keys{
    cast(flag("attachable")),
    text("driver"),
    options("driver_opts"),
    cast(flag("enable_ipv4", Form::maybe_flag)),
    cast(flag("enable_ipv6", Form::maybe_flag)),
    external,
    cast(flag("internal")),
    object("ipam", ipam_object, Form::plain_object),
    key_values("labels", Form::labels),
    text("name"),
};
static_assert(is_sorted(network_keys));
constexpr Object network_object{.keys = network_keys};
constexpr Key network = also(object("", network_object), kinds::null);

constexpr std::array volume_keys{text("driver"), options("driver_opts"), external,
                                 unique(key_values("labels", Form::labels), Unique::none), text("name")};
static_assert(is_sorted(volume_keys));
constexpr Object volume_object{.keys = volume_keys};
constexpr Key volume = also(object("", volume_object), kinds::null);

// Merged as any map or list.
constexpr Key labels_of_grant = merged(unique(key_values("labels", Form::labels), Unique::none), Merge::deep);

constexpr std::array secret_keys{
    text("driver"), options("driver_opts"), text("environment"), external,
    text("file"),   labels_of_grant,        text("name"),        text("template_driver"),
};
static_assert(is_sorted(secret_keys));
constexpr Object secret_object{.keys = secret_keys};
constexpr Key secret = object("", secret_object);

constexpr std::array config_keys{
    text("content"), text("environment"),     external, text("file"), labels_of_grant,
    text("name"),    text("template_driver"),
};
static_assert(is_sorted(config_keys));
constexpr Object config_object{.keys = config_keys};
constexpr Key config = object("", config_object);

constexpr std::array model_keys{
    number("context_size", Form::whole, kinds::integer),
    text("model"),
    text("name"),
    merged(list("runtime_flags", any_text), Merge::replace),
};
constexpr std::array model_required{"model"sv};
constexpr Object model_object{.keys = model_keys, .required = model_required};
constexpr Key model = object("", model_object);

constexpr std::array include_keys{also(text_or_list("env_file", any_text, false), kinds::null),
                                  also(text_or_list("path", any_text, false), kinds::null),
                                  also(text("project_directory"), kinds::null)};
constexpr Object include_object{.keys = include_keys, .extensions = false};
constexpr Key include = also(object("", include_object), kinds::text);

constexpr Key resources(std::string_view name, const Key& item, bool usual_names = true) {
  Key key = map(name, item);
  key.usual_names = usual_names;
  return key;
}

// Not constexpr: service_key stands in another file.
const std::array top_keys{
    resources("configs", config),
    list("include", include),
    resources("models", model),
    text("name"),
    resources("networks", network, false),
    resources("secrets", secret),
    resources("services", service_key),
    also(text("version"), kinds::time),
    resources("volumes", volume),
};
const Object top_object{.keys = top_keys};

}  // namespace

const Key compose_file = object("", top_object);

const Key* child(const Key* parent, std::string_view name) {
  if (parent == nullptr) {
    return nullptr;
  }
  if (parent->object == nullptr) {
    return parent->form == Form::map ? parent->item : nullptr;
  }
  const auto& keys = parent->object->keys;
  const auto found =
      std::lower_bound(keys.begin(), keys.end(), name,
                       [](const Key& key, std::string_view wanted) { return key.name < wanted; });
  return found == keys.end() || found->name != name ? nullptr : &*found;
}

const Key* item_of(const Key* parent) {
  return parent == nullptr ? nullptr : parent->item;
}

}  // namespace fresh::compose
