package dev.atll.write;

import dev.atll.api.Durability;
import dev.atll.api.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thread that is several writers at once: a group of several members, without a race. */
public final class SimulatedGroup {
  /**
   * One writer's write.
   *
   * @param batch not empty
   */
  public record Member(WriteBatch batch, Durability durability) {}

  /**
   * What that writer got.
   *
   * @param revision 0 if it failed
   * @param failure null if it did not
   */
  public record Answer(long revision, @Nullable RuntimeException failure) {}

  private SimulatedGroup() {}

  /** Puts all in the queue, in their order, has somebody lead, and returns what each got. */
  public static List<Answer> commit(CommitPipeline commits, List<Member> members) {
    List<CommitRequest> requests = new ArrayList<>();
    for (Member member : members) {
      commits.throttle.admit(member.batch().encodedLength());
      CommitRequest request = new CommitRequest();
      request.prepare(
          member.batch().encoded(),
          member.batch().encodedLength(),
          member.durability(),
          member.batch().onlyDeletes());
      requests.add(request);
    }
    requests.forEach(commits.queue::enqueue);
    commits.queue.serveWaiting();
    List<Answer> answers = new ArrayList<>();
    for (CommitRequest request : requests) {
      if (!request.done) {
        throw new AssertionError("a member of a group was not answered: " + request.fate);
      }
      answers.add(answer(request));
    }
    return answers;
  }

  private static Answer answer(CommitRequest request) {
    try {
      return new Answer(CommitPipeline.outcome(request), null);
    } catch (RuntimeException e) {
      return new Answer(0, e);
    }
  }
}
