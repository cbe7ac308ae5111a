using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.TensorBoard;

/// <summary>The folder of a training's events, which one process writes at a time.</summary>
/// <remarks>
/// TensorBoard shows the files of a folder as one run: of two trainings there, the later hides figures of the earlier, or
/// their figures alternate.
/// </remarks>
internal sealed class EventFolder : IDisposable
{
    /// <summary>Not the file by which a run owns its folder, in which its events may be.</summary>
    private const string OwnerName = ".events-owner";

    private readonly string _path;
    private readonly FolderLock _owned;
    private readonly bool _replaces;

    private EventFolder(string path, FolderLock owned, bool replaces) => (_path, _owned, _replaces) = (path, owned, replaces);

    /// <summary>Whether no events are there that stay.</summary>
    public bool IsEmpty => _replaces || Files(_path).Count == 0;

    /// <summary>Checks, before anything is done for it, that a training can be shown in a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="isFree">Whether events that are there are no hindrance.</param>
    /// <exception cref="InputException">It is a file, cannot be read, or has the events of another training.</exception>
    public static void Check(string path, bool isFree)
    {
        OutputFolder.Check(path, Settings.TensorBoardFolder);
        if (!isFree && Files(path) is [var existing, ..])
        {
            throw new InputException(
                $"{path}: holds the events of a training already ({Path.GetFileName(existing)}); name another folder" +
                $"{Hint.With(Settings.TensorBoardFolder)}, or replace them{Hint.With(Settings.Replacement)}");
        }
    }

    /// <summary>Takes a folder, which is created if need be.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="joins">Whether the training is one that has begun, so that events that are there are its own.</param>
    /// <param name="replaces">Whether events that are there are deleted when new ones begin.</param>
    /// <exception cref="FolderTakenException">Another process writes events there.</exception>
    /// <exception cref="InputException">It cannot be written, or has the events of another training.</exception>
    public static EventFolder Take(string path, bool joins, bool replaces)
    {
        var owned = FolderLock.Take(path, "training", setting: Settings.TensorBoardFolder, file: OwnerName);
        try
        {
            // Again, now that nobody else can begin events here.
            Check(path, joins || replaces);
            return new EventFolder(path, owned, replaces);
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    /// <summary>Begins a file behind those that stay.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    /// <exception cref="IOException">The disk has failed or is full.</exception>
    public EventFile BeginFile() => Opened(_path, () =>
    {
        foreach (string file in _replaces ? EventFile.In(_path) : [])
            File.Delete(file);
        return EventFile.Create(_path);
    });

    /// <summary>Makes sure that no other process has taken the folder over.</summary>
    /// <exception cref="IOException">Another process has.</exception>
    public void EnsureHeld() => _owned.EnsureHeld(atOnce: false);

    /// <summary>Lets others have the folder.</summary>
    public void Dispose() => _owned.Dispose();

    private static IReadOnlyList<string> Files(string path) => Opened(path, () => EventFile.In(path));

    /// <summary>Does something with a folder, and says in one line why it cannot be done.</summary>
    private static T Opened<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw OutputFolder.CannotWrite(path, error);
        }
    }
}
