"""The lessons: answers and exercises, and the students' copies."""
