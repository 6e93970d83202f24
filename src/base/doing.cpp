#include "base/doing.h"

namespace fresh::base {
namespace {

// What the destructors of static objects do comes after the end of the main thread's stack of intent.
thread_local bool over = false;

struct Current {
  DoingStack stack;
  ~Current() { over = true; }
};

// The only mutable thread-local state of the program: it follows the call stack and nothing decides by it.
thread_local Current current;

}  // namespace

Doing::Doing(std::string intent) {
  if (!over) {
    current.stack.push_back(std::move(intent));
  }
}

Doing::~Doing() {
  if (!over) {
    current.stack.pop_back();
  }
}

DoingStack Doing::stack() {
  return over ? DoingStack() : current.stack;
}

Doing::Inherit::Inherit(DoingStack inherited)
    : previous_(std::exchange(current.stack, std::move(inherited))) {}

Doing::Inherit::~Inherit() {
  current.stack = std::move(previous_);
}

}  // namespace fresh::base
