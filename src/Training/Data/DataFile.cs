namespace IlgpuDistance.Training.Data;

/// <summary>One file that a data set was read from.</summary>
/// <param name="Name">The file's published name, without folder and <c>.gz</c>.</param>
/// <param name="Bytes">Length of the uncompressed contents.</param>
/// <param name="Md5">MD5 of the uncompressed contents: 32 lower-case hexadecimal digits.</param>
/// <param name="PublishedMd5">
/// MD5 of the contents that the publishers of the data set gave out under this name; null where it is not known.
/// </param>
internal sealed record DataFile(string Name, long Bytes, string Md5, string? PublishedMd5)
{
    /// <summary>Whether the contents are the published ones.</summary>
    public bool IsPublished => Md5 == PublishedMd5;
}
