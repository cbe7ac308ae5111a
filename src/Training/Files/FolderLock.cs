using System.Diagnostics;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Files;

/// <summary>
/// A folder in which one process works at a time, on whatever machine: the owner of the file <c>.owner</c> there.
/// </summary>
/// <remarks>
/// <para>
/// <b>Taking.</b> The file is made by the call that fails where it is there already, which file servers keep to as well. It
/// holds a record of the owner: its machine and process, when that began, and a random token. The owner keeps it open and
/// locked by the operating system where that can be done, renews it every ten seconds, and deletes it at the end. Where it is
/// there already, its owner is alive if the operating system has it locked, or if its process lives; it is dead if that can be
/// seen to have ended: the process, its lock, or the machine, which has been started again since. Of a process on another
/// machine, or in another container of a system without locks, only the renewals tell: two minutes after the last it counts as
/// dead, if in 25 seconds more nothing changes. An owner that is or may be alive is named, and the folder refused.
/// </para>
/// <para>
/// <b>Clocks.</b> The age of a record is the difference of two times that the file system gave, that of the record and that of
/// a file made for it, so that the clocks of machines may differ. Where it asks them none the less, a record is wrongly old at
/// the worst, and the wait shows that it is alive.
/// </para>
/// <para>
/// <b>Taking over.</b> The record of a dead owner is deleted, and then all who want the folder begin anew: one of them makes
/// the file. Before it is deleted, a file <c>.owner.TOKEN</c> is taken by these same rules, and the record read again: tokens
/// do not come back, so whoever comes late finds another one and deletes nothing. An owner deletes its own record in the same
/// way.
/// </para>
/// <para>
/// <b>Being taken for dead.</b> A process that was stopped for minutes, or cut off from a file server, may come back when
/// another has its folder. It asks with <see cref="EnsureHeld"/> before it writes what counts.
/// </para>
/// </remarks>
internal sealed class FolderLock : IDisposable
{
    private const string Name = ".owner";

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1), AskAgain = TimeSpan.FromMilliseconds(100);

    private readonly string _folder;
    private readonly OwnerFile _owner;
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private DateTime _checked = DateTime.UtcNow;
    private bool _disposed;

    private FolderLock(string folder, OwnerFile owner, LockTimes times)
    {
        _folder = folder;
        _owner = owner;
        _timer = new Timer(_ => Renew(), null, times.Beat, times.Beat);
    }

    /// <summary>Takes a folder, which is created if need be.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="work">What it is taken for, in the words of a message: "run", "experiment", "report".</param>
    /// <param name="patience">How long another process that owns it is waited for.</param>
    /// <param name="times">For tests.</param>
    /// <param name="setting">What gave the folder's name; null for the folder of results.</param>
    /// <param name="file">The file there; one of another name is for those whose work may share the folder.</param>
    /// <exception cref="FolderTakenException">Another process owns it.</exception>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static FolderLock Take(
        string folder, string work, TimeSpan patience = default, LockTimes? times = null, Setting? setting = null,
        string file = Name)
    {
        OutputFolder.Create(folder, setting);
        times ??= LockTimes.Default;
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                OwnerFile owner = OwnerFile.Take(Path.Combine(folder, file), times);
                owner.DeleteOldClaims();
                return new FolderLock(folder, owner, times);
            }
            catch (OwnerFile.OwnedException error)
            {
                if (Stopwatch.GetElapsedTime(begin) >= patience)
                    throw Refusal(folder, error.Message, work, error, setting);
                Thread.Sleep(AskAgain);
            }
            catch (Exception error) when (FileErrors.IsFailure(error))
            {
                throw OutputFolder.CannotWrite(folder, error);
            }
        }
    }

    /// <summary>The owner of a folder in words; null where it has none, or one that cannot be read.</summary>
    public static string? OwnerOf(string folder) => OwnerFile.Find(Path.Combine(folder, Name));

    /// <summary>The owner of a folder who is alive or may be, in words; null where there is none, or nothing tells.</summary>
    public static string? FindLiving(string folder)
    {
        try
        {
            return OwnerFile.FindLiving(Path.Combine(folder, Name));
        }
        catch (Exception error) when (FileErrors.IsFailure(error))
        {
            // Whoever takes the folder will be told.
            return null;
        }
    }

    /// <summary>Waits until a folder has no owner who may be alive.</summary>
    /// <inheritdoc cref="Take"/>
    public static void AwaitFree(string folder, string work, TimeSpan patience)
    {
        long begin = Stopwatch.GetTimestamp();
        while (FindLiving(folder) is { } owner)
        {
            if (Stopwatch.GetElapsedTime(begin) >= patience)
                throw Refusal(folder, owner, work, new TimeoutException());
            Thread.Sleep(AskAgain);
        }
    }

    /// <summary>Whether a folder has an owner, or holds what one has left that was killed.</summary>
    public static bool HasTraces(string folder) => Directory.EnumerateFiles(folder, $"{Name}*").Any();

    /// <summary>The line that says who has a folder.</summary>
    public static FolderTakenException Refusal(
        string folder, string owner, string work, Exception cause, Setting? setting = null) =>
        new(owner, $"{folder}: {owner} is at work on this {work}; wait for its end, stop it, " +
            $"or name another folder{Hint.With(setting ?? Settings.OutputFolder)}", cause);

    /// <summary>Makes sure that no other process has taken the folder over, as it may if this one was stopped for long.</summary>
    /// <param name="atOnce">Whether to look even if that was done a second ago.</param>
    /// <exception cref="IOException">Another process has; what it does must not be disturbed.</exception>
    public void EnsureHeld(bool atOnce)
    {
        // By the clock of the day: the others stop when the machine sleeps.
        DateTime now = DateTime.UtcNow;
        if (!atOnce && (now - _checked).Duration() < CheckInterval)
            return;
        if (_owner.Usurper() is { } other)
        {
            throw new IOException(
                $"{_folder}: {other} has taken over, because this process gave no sign of life for long; it writes nothing " +
                    $"more here");
        }
        _checked = now;
    }

    /// <summary>Lets others have the folder.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            if (!_disposed)
                _owner.Dispose();
            _disposed = true;
        }
    }

    private void Renew()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            try
            {
                _owner.Renew();
            }
            catch (Exception error) when (FileErrors.IsFailure(error))
            {
                // The next one may succeed; and if none does, EnsureHeld tells what comes of it.
                return;
            }
        }
    }
}
