using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Compilers;

/// <summary>What must hold for every kernel on every device, of any vendor.</summary>
internal static class Requirements
{
    /// <summary>
    /// Least share in the innermost loop of a product: of fused multiply-adds in a matrix product; of additions,
    /// multiplications and fused multiply-adds where the step is a prototype's.
    /// </summary>
    public const double LeastShare = 0.6;

    /// <summary>One line for each requirement that a kernel does not meet.</summary>
    /// <param name="kernel">The kernel.</param>
    public static IEnumerable<string> ProblemsOf(CompiledKernel kernel)
    {
        foreach (string problem in ResourceProblems(kernel).Concat(kernel.Target.SourceProblems(kernel.Source))
            .Concat(kernel.Kernel.IsProduct ? ProductProblems(kernel) : []))
        {
            yield return $"{kernel.Kernel.Name}, {kernel.Target.Name}: {problem}";
        }
    }

    private static IEnumerable<string> ResourceProblems(CompiledKernel kernel)
    {
        ResourceUsage resources = kernel.Resources;
        if (resources.SpillBytes > 0 && !kernel.Target.MaySpill)
            yield return $"spills {resources.SpillBytes} bytes of registers";
        if (resources.LocalBytes > 0)
            yield return $"uses {resources.LocalBytes} bytes of local memory";
        if (kernel.Target.DropsUnreadShared ? resources.SharedBytes > kernel.Kernel.SharedBytes
            : resources.SharedBytes != kernel.Kernel.SharedBytes)
        {
            yield return $"uses {resources.SharedBytes} bytes of shared memory, but the catalogue says " +
                $"{kernel.Kernel.SharedBytes}";
        }
    }

    private static IEnumerable<string> ProductProblems(CompiledKernel kernel)
    {
        if (kernel.Resources.Resident < kernel.Target.LeastResident)
        {
            yield return $"occupancy is {kernel.Resources.Resident} of {kernel.Target.MostResident} " +
                $"{kernel.Target.ResidentUnit}, at least {kernel.Target.LeastResident} are wanted";
        }

        // Of samples that are bytes, four are loaded at a time.
        bool readsBytes = kernel.Kernel.Name.Split('-').Contains(ByteSource.Name);
        foreach (Instruction access in kernel.Code.Instructions.Where(instruction =>
            instruction.Kind == InstructionKind.GlobalMemory))
        {
            if (access.Width != 128 && !(readsBytes && access.Width == 32 && !access.Stores))
                yield return $"{access.Opcode} moves {access.Width} bits to or from global memory, not 128";
        }
        if (kernel.Loop is not { } loop)
        {
            yield return "no loop has fused multiply-adds of values from shared memory";
            yield break;
        }
        if (kernel.HasPrototypeStep && loop.ArithmeticShare < LeastShare)
        {
            yield return $"arithmetic of float32 is {Tables.Percent(loop.ArithmeticShare)} of the innermost loop, at least " +
                $"{Tables.Percent(LeastShare)} is wanted";
        }

        if (!kernel.HasPrototypeStep && loop.FmaShare < LeastShare)
        {
            yield return $"FMA is {Tables.Percent(loop.FmaShare)} of the innermost loop, at least " +
                $"{Tables.Percent(LeastShare)} is wanted";
        }

        foreach (var (width, count) in loop.Widths(InstructionKind.SharedLoad))
        {
            if (width < 128)
                yield return $"{count} loads from shared memory in the innermost loop are {width} bits wide, not 128";
        }
    }
}
