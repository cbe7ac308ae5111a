namespace IlgpuDistance.Training.Data;

/// <summary>One of the four files of a data set, as published.</summary>
/// <param name="Name">Its name, e.g. <c>train-images-idx3-ubyte</c>.</param>
/// <param name="ArchiveMd5">MD5 of the .gz file that the mirrors serve; null where it is not known.</param>
/// <param name="Md5">MD5 of the contents; null where it is not known.</param>
/// <param name="ArchiveBytes">Length of the .gz file that the mirrors serve; null where it is not known.</param>
internal sealed record PublishedFile(string Name, string? ArchiveMd5 = null, string? Md5 = null, long? ArchiveBytes = null)
{
    /// <summary>The name of the .gz file that the mirrors serve.</summary>
    public string ArchiveName => $"{Name}.gz";

    /// <summary>
    /// The names under which the file may lie in a folder, first to be preferred. Compressed ones come first, because
    /// gzip's own checksum reveals damage; <c>train-images.idx3-ubyte</c> is how some archives spell the name.
    /// </summary>
    public IEnumerable<string> PossibleNames
    {
        get
        {
            string dotted = Name.Replace("-idx", ".idx", StringComparison.Ordinal);
            return [ArchiveName, $"{dotted}.gz", Name, dotted];
        }
    }
}
