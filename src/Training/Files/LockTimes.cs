namespace IlgpuDistance.Training.Files;

/// <summary>How the owners of folders let each other know that they are alive; see <see cref="FolderLock"/>.</summary>
/// <param name="Beat">How often an owner renews its record.</param>
/// <param name="Silence">After how long without a renewal an owner of which nothing else is known counts as dead.</param>
/// <param name="Watch">How long such a record must not change before it is removed; longer than <paramref name="Beat"/>.</param>
/// <param name="Making">How long a record that is not whole yet is waited for.</param>
/// <param name="Share">How an owner holds its record open: not shared, which locks it where the file system has locks.</param>
internal sealed record LockTimes(TimeSpan Beat, TimeSpan Silence, TimeSpan Watch, TimeSpan Making, FileShare Share)
{
    /// <summary>What is used everywhere but in tests.</summary>
    public static LockTimes Default { get; } =
        new(
            TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(1),
            OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete : FileShare.None);
}
