namespace IlgpuDistance.Checks.Fuzz;

/// <summary>All that the program reads.</summary>
internal static class FuzzTargets
{
    /// <summary>The targets.</summary>
    /// <param name="files">Where damaged files are put.</param>
    public static IReadOnlyList<FuzzTarget> All(FuzzFolder files) =>
    [
        .. RecordTargets.All(files), .. FolderTargets.All(files), .. ModelTargets.All(files), .. DataTargets.All(files),
        .. TextTargets.All,
    ];
}
