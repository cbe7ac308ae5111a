using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CommandLine;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Cli.Verbs;

[Verb("kernels", HelpText = "List the kernels for GPUs with their work, or write them as PTX or OpenCL C; needs no device.")]
internal sealed class KernelsVerb : Verb
{
    /// <summary>What the kernels can be written as.</summary>
    internal enum Language
    {
        Ptx,
        OpenCl,
    }

    private static readonly (string Letter, string Meaning)[] Letters =
    [
        ("N", "samples"), ("I", "inputs of the layer, or values"), ("O", "outputs of the layer, or classes"),
        ("S", "slices of the samples"), ("V", "bytes of one value of the layer's input"),
    ];

    private static readonly JsonSerializerOptions JsonStyle = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Option("json", HelpText = "Print the list as JSON.")]
    public bool Json { get; set; }

    [Option("emit", HelpText = "Write each kernel to a file, as NVIDIA's driver or an OpenCL driver gets it.")]
    public Language? Emit { get; set; }

    [Option("arch", MetaValue = "ARCH",
        HelpText = "The architecture that PTX is written for: sm_75, sm_80, sm_86, sm_89 or sm_90.")]
    public string? Architecture { get; set; }

    [Option("out", MetaValue = "DIR", HelpText = "The folder for the files, which replace files of the same name.")]
    public string? Out { get; set; }

    public override bool SavesResults => Emit is not null;

    public override int Run()
    {
        CheckOptions();
        if (Emit is { } language)
            Write(language);
        else if (Json)
            PrintJson();
        else
            PrintTable();
        return 0;
    }

    private void CheckOptions()
    {
        if (Emit is null && (Architecture ?? Out) is not null)
        {
            throw new InputException(
                $"{(Architecture is null ? "--out" : "--arch")} goes with --emit; add --emit ptx or --emit opencl");
        }

        if (Emit is not null && Json)
            throw new InputException("--json prints the list and --emit writes the kernels; give one of them");
        if (Emit is not null && Out is null)
            throw new InputException("--emit writes one file per kernel; say with --out into which folder");
        if (Emit == Language.Ptx && Architecture is null)
            throw new InputException($"--emit ptx needs --arch: {string.Join(", ", KernelCompiler.PtxArchitectures)}");
        if (Emit == Language.OpenCl && Architecture is not null)
        {
            throw new InputException(
                "--arch chooses the architecture of PTX; OpenCL C is the same for all devices, leave --arch out");
        }
    }

    private void Write(Language language)
    {
        IReadOnlyList<KernelSource> sources =
            language == Language.Ptx ? KernelCompiler.CompilePtx(Architecture!) : KernelCompiler.CompileOpenCl();
        OutputFolder.Create(Out!);
        foreach (KernelSource source in sources)
            AtomicFile.WriteText(Path.Combine(Out!, source.FileName), writer => writer.Write(source.Text));
        Terminal.Print(
            $"{sources.Count} kernels as {(language == Language.Ptx ? $"PTX for {Architecture}" : "OpenCL C")} in {Out}");
    }

    private static void PrintTable()
    {
        TextTable table = new TextTable(padding: 0).AddWords("Kernel, operation", wraps: true).AddWords("FLOP, bytes")
            .AddNumbers("Group", "Shared");
        foreach (KernelInfo kernel in KernelCompiler.Kernels)
        {
            table.AddRow(
                $"{kernel.Name}\n  {kernel.Operation}", $"{kernel.Flop}\n{kernel.Bytes}", $"{kernel.GroupSize}",
                kernel.SharedBytes.ToString("N0", CultureInfo.InvariantCulture));
        }
        Terminal.Print(table);
        string sizes = string.Join(", ", Letters[..3].Select(Explain));
        Terminal.Print($"""
            {KernelCompiler.Kernels.Count} kernels. FLOP and bytes of a launch, in {sizes},
            {string.Join(", ", Letters[3..].Select(Explain))}.
            Group: work-items in a group. Shared: bytes of shared memory of a group.
            """);
    }

    private static string Explain((string Letter, string Meaning) letter) => $"{letter.Letter} {letter.Meaning}";

    /// <summary>The names of the fields are promised to programs that read them.</summary>
    private static void PrintJson() => Terminal.PrintData(JsonSerializer.Serialize(
        new
        {
            letters = Letters.ToDictionary(letter => letter.Letter, letter => letter.Meaning),
            kernels = KernelCompiler.Kernels.Select(kernel => new
            {
                name = kernel.Name,
                operation = kernel.Operation,
                flop = kernel.Flop,
                bytes = kernel.Bytes,
                groupSize = kernel.GroupSize,
                sharedMemoryBytes = kernel.SharedBytes,
                isProduct = kernel.IsProduct,
            }),
        }, JsonStyle));
}
