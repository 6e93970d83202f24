#include "compose/inject.h"

#include "base/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace fresh::compose {
namespace {

constexpr std::size_t block = 512;

// POSIX ustar: offsets and widths of the header's fields.
struct Field {
  std::size_t offset;
  std::size_t width;
};
constexpr Field name_field{0, 100};
constexpr Field mode_field{100, 8};
constexpr Field uid_field{108, 8};
constexpr Field gid_field{116, 8};
constexpr Field size_field{124, 12};
constexpr Field time_field{136, 12};
constexpr Field sum_field{148, 8};
constexpr std::size_t type_offset = 156;
constexpr Field magic_field{257, 8};
constexpr Field prefix_field{345, 155};

using Header = std::array<char, block>;

void put(Header& header, Field field, std::string_view text) {
  std::memcpy(header.data() + field.offset, text.data(), std::min(text.size(), field.width));
}

void put_octal(Header& header, Field field, std::uint64_t value) {
  put(header, field, fmt::format("{:0{}o}", value, field.width - 1));
}

void put_path(Header& header, const std::string& path) {
  if (path.size() <= name_field.width) {
    put(header, name_field, path);
    return;
  }
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (slash <= prefix_field.width && path.size() - slash - 1 <= name_field.width) {
      put(header, prefix_field, std::string_view(path).substr(0, slash));
      put(header, name_field, std::string_view(path).substr(slash + 1));
      return;
    }
  }
  throw base::Error(base::ExitCode::precheck,
                    fmt::format("the path '/{}' is too long for a secret or config", path),
                    "use a shorter target");
}

/// The target of the service's innermost volume that `path` lies in, or `/`.
std::string folder_of(const std::string& path, const Service& service) {
  std::string innermost = "/";
  for (const auto& mount : service.mounts) {
    if (mount.type == engine::MountType::volume && path.starts_with(mount.target + "/") &&
        mount.target.size() > innermost.size()) {
      innermost = mount.target;
    }
  }
  return innermost;
}

}  // namespace

std::map<std::string, std::vector<InjectedFile>> injected_files(const Service& service,
                                                                const Project& project) {
  std::map<std::string, std::vector<InjectedFile>> result;
  const auto add_all = [&](const std::vector<Grant>& grants,
                           const std::map<std::string, Material>& materials) {
    for (const auto& grant : grants) {
      result[folder_of(grant.target, service)].push_back({.path = grant.target,
                                                          .bytes = materials.at(grant.source).bytes,
                                                          .uid = grant.uid,
                                                          .gid = grant.gid,
                                                          .mode = grant.mode});
    }
  };
  add_all(service.secrets, project.secrets);
  add_all(service.configs, project.configs);
  for (auto& [folder, files] : result) {
    std::sort(files.begin(), files.end(),
              [](const InjectedFile& a, const InjectedFile& b) { return a.path < b.path; });
  }
  return result;
}

std::string tar_of(const std::vector<InjectedFile>& files, const std::string& folder) {
  std::string result;
  for (const auto& file : files) {
    Header header{};
    put_path(header, file.path.substr(file.path.find_first_not_of('/', folder.size())));
    put_octal(header, mode_field, file.mode);
    put_octal(header, uid_field, file.uid);
    put_octal(header, gid_field, file.gid);
    put_octal(header, size_field, file.bytes.size());
    put_octal(header, time_field, 0);
    header[type_offset] = '0';
    put(header, magic_field, std::string_view("ustar\00000", magic_field.width));
    put(header, sum_field, "        ");
    std::uint64_t sum = 0;
    for (const char c : header) {
      sum += static_cast<unsigned char>(c);
    }
    put(header, sum_field, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
    result.append(header.data(), header.size());
    result += file.bytes;
    result.append((block - file.bytes.size() % block) % block, '\0');
  }
  result.append(2 * block, '\0');
  return result;
}

}  // namespace fresh::compose
