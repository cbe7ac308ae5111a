using System.Text.RegularExpressions;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Arithmetic;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// The OpenCL C that a driver gets: ILGPU's text, with what ILGPU 1.5.3 has no way to say. The size of the groups is declared,
/// without which a compiler has to be sparing with registers, for the largest groups that the device has; and that four floats
/// are aligned to 16 bytes, without which AMD's loads them from shared memory by twos. ILGPU numbers types and labels through all
/// that the process compiles; here they are numbered in each text, so that a driver that keeps what it compiled knows it again.
/// </summary>
internal static partial class OpenClSource
{
    /// <summary>
    /// Has a device's driver compile a kernel: where it cannot do so as OpenCL C 3.0, as 2.0. (Intel's of 2022 on Ponte Vecchio
    /// cannot: the header that it brings along for 3.0 asks for images, which that GPU does not have.)
    /// </summary>
    public static Kernel Load(Accelerator accelerator, CLCompiledKernel kernel)
    {
        try
        {
            return accelerator.LoadKernel(kernel);
        }
        catch (CLException) when (kernel.CVersion > CLCVersion.CL20)
        {
            return accelerator.LoadKernel(Copy(kernel, kernel.Source, CLCVersion.CL20));
        }
    }

    /// <summary>A compiled kernel with the whole text.</summary>
    /// <param name="kernel">As ILGPU compiled it.</param>
    /// <param name="groupSize">Work-items of each group that it will be launched with.</param>
    /// <param name="needsRegisters">Whether each work-item needs as many registers as it can have.</param>
    /// <param name="features">Of the device.</param>
    public static CLCompiledKernel Complete(
        CLCompiledKernel kernel, int groupSize, bool needsRegisters, OpenClFeatures features) =>
        Copy(kernel, Complete(kernel.Source, groupSize, needsRegisters, features), kernel.CVersion);

    /// <summary>A compiled kernel with another text in another version of the language.</summary>
    internal static CLCompiledKernel Copy(CLCompiledKernel kernel, string source, CLCVersion version) =>
        new(kernel.Context, (SeparateViewEntryPoint)PtxSource.EntryPointOf(kernel), kernel.Info, source, version);

    /// <summary>The whole text.</summary>
    internal static string Complete(string source, int groupSize, bool needsRegisters, OpenClFeatures features)
    {
        // The fewer work-items an instruction serves, the more registers each has.
        string subGroup = needsRegisters && features.LeastSubGroup is { } size
            ? $"__attribute__((intel_reqd_sub_group_size({size}))) " : "";
        string head = $"kernel __attribute__((reqd_work_group_size({groupSize}, 1, 1))) {subGroup}void ";
        string declared = KernelHead.Replace(FourFloats.Replace(source, "struct __attribute__((aligned(16))) "), head, count: 1);
        return !declared.Contains(head, StringComparison.Ordinal)
            ? throw new NotSupportedException("ILGPU's OpenCL C has no line that begins with \"kernel void\"")
            : $"{DeviceMath.OpenClDefinition(features.HasFma)}\n{Renumbered(declared)}";
    }

    private static string Renumbered(string source)
    {
        var numbers = new Dictionary<string, int>();
        return NumberedName.Replace(source, name =>
        {
            numbers.TryAdd(name.Value, numbers.Count);
            return $"{name.Groups["kind"].Value}_{numbers[name.Value]}";
        });
    }

    /// <summary>The beginning of the definition of a structure of four floats, which stands in memory alone.</summary>
    [GeneratedRegex(@"^struct (?=\w+\s*\{(\s*float field_\d;){4}\s*\};)", RegexOptions.Multiline)]
    private static partial Regex FourFloats { get; }

    /// <summary>A type or a label; a type's name may go on after the number.</summary>
    [GeneratedRegex(@"\b(?<kind>type|L)_\d+(?!\d)")]
    private static partial Regex NumberedName { get; }

    [GeneratedRegex(@"^kernel void ", RegexOptions.Multiline)]
    private static partial Regex KernelHead { get; }
}
