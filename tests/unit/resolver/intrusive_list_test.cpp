#include "resolver/intrusive_list.h"

#include <gtest/gtest.h>

namespace dauth::resolver {
namespace {

struct Element {
  explicit Element(int n) : number(n), hook(this) {}
  int number;
  ListHook<Element> hook;
};

TEST(IntrusiveList, KeepsOrderAndLetsGoInTheMiddle) {
  IntrusiveList<Element> list;
  EXPECT_EQ(list.front(), nullptr);
  Element one(1);
  Element three(3);
  {
    Element two(2);
    list.push_back(one.hook);
    list.push_back(two.hook);
    list.push_back(three.hook);
    EXPECT_EQ(list.front(), &one);
  }
  one.hook.unlink();
  one.hook.unlink();
  EXPECT_EQ(list.front(), &three);
  list.push_back(one.hook);
  three.hook.unlink();
  EXPECT_EQ(list.front(), &one);
}

TEST(IntrusiveList, LeavesItsElementsFreeWhenItGoes) {
  Element one(1);
  {
    IntrusiveList<Element> list;
    list.push_back(one.hook);
  }
  EXPECT_FALSE(one.hook.linked());
}

}  // namespace
}  // namespace dauth::resolver
