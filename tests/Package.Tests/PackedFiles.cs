using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace IlgpuDistance.Package.Tests;

/// <summary>The packages in the folder to which they were packed.</summary>
internal static class PackedFiles
{
    private static readonly string Folder = typeof(PackedFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "PackageFolder").Value!;

    /// <summary>Opens a package.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="ending">nupkg, or snupkg for its symbols.</param>
    public static ZipArchive Open(string id, string ending = "nupkg") =>
        ZipFile.OpenRead(Assert.Single(Directory.GetFiles(Folder, $"{id}.*.{ending}")));

    /// <summary>A file in a package.</summary>
    public static byte[] Read(ZipArchive package, string name)
    {
        using Stream entry = (package.GetEntry(name) ?? throw new FileNotFoundException(name)).Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>What a package says of itself.</summary>
    public static Dictionary<string, XElement> Describe(ZipArchive package, string id) =>
        XDocument.Load(new MemoryStream(Read(package, $"{id}.nuspec"))).Root!.Elements().Single().Elements()
            .ToDictionary(element => element.Name.LocalName);
}
