#include "support/fake_answers.h"
#include "support/fake_engine.h"

namespace fresh::test {

using engine::Call;
using engine::Fault;

std::optional<engine::Image> FakeEngine::find_image(const std::string& reference, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("find image " + reference);
  return value(images_, reference);
}

std::vector<engine::Image> FakeEngine::list_images(const engine::Labels& labels, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("list images");
  return values(images_, labels);
}

void FakeEngine::save_image(const std::string& /*reference*/, const engine::ByteSink& /*sink*/,
                            const Call& /*call*/) {
  not_faked("save_image");
}

engine::ImageId FakeEngine::pull(const engine::PullRequest& request, const engine::ProgressSink& progress,
                                 const Call& /*call*/) {
  progress("pulling " + request.reference);
  const std::scoped_lock lock(mutex_);
  log("pull " + request.reference);
  engine::Image image;
  image.id = {fmt::format("{:064x}", ++made_)};
  image.tags = {request.reference};
  images_[request.reference] = image;
  if (request.reference.ends_with(":latest")) {
    images_[request.reference.substr(0, request.reference.size() - 7)] = image;
  }
  return image.id;
}

engine::ImageId FakeEngine::build(const engine::BuildRequest& request, const engine::ProgressSink& progress,
                                  const Call& /*call*/) {
  progress("STEP 1/1: FROM x");
  const std::scoped_lock lock(mutex_);
  engine::Image image;
  image.id = {fmt::format("{:064x}", ++made_)};
  image.labels = request.labels;
  image.tags = request.tags;
  log("build " + (request.tags.empty() ? image.id.hex : request.tags.front()));
  images_[image.id.hex] = image;
  for (const auto& tag : request.tags) {
    images_[tag] = image;
  }
  builds_.push_back(request);
  return image.id;
}

std::vector<std::string> FakeEngine::load_image(const std::string& /*archive_file*/, const Call& /*call*/) {
  not_faked("load_image");
}

void FakeEngine::tag_image(const std::string& reference, const std::string& new_tag, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log(fmt::format("tag {} {}", reference, new_tag));
  const auto image = value(images_, reference);
  if (!image) {
    no_such("image " + reference);
  }
  images_[new_tag] = *image;
}

void FakeEngine::push_image(const std::string& /*reference*/,
                            const std::optional<engine::RegistryAuth>& /*auth*/, bool /*verify_tls*/,
                            const engine::ProgressSink& /*progress*/, const Call& /*call*/) {
  not_faked("push_image");
}

bool FakeEngine::remove_image(const std::string& reference, bool /*force*/, const Call& /*call*/) {
  const std::scoped_lock lock(mutex_);
  log("remove image " + reference);
  return images_.erase(reference) > 0;
}

}  // namespace fresh::test
