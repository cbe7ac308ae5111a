using Spectre.Console;

namespace IlgpuDistance.Cli;

/// <summary>
/// Shows on a terminal that work goes on which may take seconds and shows nothing itself; in a file or pipe nothing, and
/// nothing where it is done before anybody wonders.
/// </summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>Does some work on this thread.</summary>
    /// <param name="what">What is done, as "reading the data".</param>
    /// <param name="quiet">Whether nothing is shown.</param>
    /// <param name="work">The work.</param>
    public static T For<T>(string what, bool quiet, Func<T> work)
    {
        if (quiet || !Terminal.IsLive)
            return work();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task shown = Task.Run(() => ShowUntilAsync(ended.Task, what));
        try
        {
            return work();
        }
        finally
        {
            ended.SetResult();
            shown.GetAwaiter().GetResult();
        }
    }

    /// <summary>Shows what is done until a task has ended, whether or not it fails.</summary>
    public static async Task ShowUntilAsync(Task task, string what)
    {
        await Task.WhenAny(task, Task.Delay(Patience));
        if (!task.IsCompleted)
            await Terminal.Output.Status().StartAsync(Markup.Escape($"{what} …"), _ => Task.WhenAny(task));
    }
}
